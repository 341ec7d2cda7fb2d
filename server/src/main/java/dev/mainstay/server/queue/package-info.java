/** Queues over HTTP: names that belong to organizations, and what can be done to their jobs. */
@NullMarked
package dev.mainstay.server.queue;

import org.jspecify.annotations.NullMarked;
