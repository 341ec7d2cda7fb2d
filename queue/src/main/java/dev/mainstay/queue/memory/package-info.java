/** Queues in the memory of one process, for tests and development: nothing survives it. */
@NullMarked
package dev.mainstay.queue.memory;

import org.jspecify.annotations.NullMarked;
