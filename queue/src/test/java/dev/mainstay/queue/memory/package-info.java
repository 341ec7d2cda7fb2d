@NullMarked
package dev.mainstay.queue.memory;

import org.jspecify.annotations.NullMarked;
