/** Queues in tables of an SQL database, in plain JDBC. */
@NullMarked
package dev.mainstay.queue.sql;

import org.jspecify.annotations.NullMarked;
