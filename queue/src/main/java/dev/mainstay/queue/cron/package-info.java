/** When a cron pattern fires. */
@NullMarked
package dev.mainstay.queue.cron;

import org.jspecify.annotations.NullMarked;
