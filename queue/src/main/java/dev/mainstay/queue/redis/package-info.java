/**
 * Queues in Redis that are BullMQ's: they run the Lua scripts of its npm package on its keys, so
 * that its workers, producers and tools share them.
 */
@NullMarked
package dev.mainstay.queue.redis;

import org.jspecify.annotations.NullMarked;
