/** The queue above its store: checks, workers, and how attempts end; the same on every engine. */
@NullMarked
package dev.mainstay.queue.runtime;

import org.jspecify.annotations.NullMarked;
