/**
 * The seam between a queue and its store. Who writes an engine implements {@link
 * dev.mainstay.queue.spi.QueueStore} and runs the contract suite of this module's test JAR on it.
 */
@NullMarked
package dev.mainstay.queue.spi;

import org.jspecify.annotations.NullMarked;
