/** What every engine of {@link dev.mainstay.queue.TaskQueue} must do, as tests to extend. */
@NullMarked
package dev.mainstay.queue.contract;

import org.jspecify.annotations.NullMarked;
