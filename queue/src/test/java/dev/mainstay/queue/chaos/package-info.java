@NullMarked
package dev.mainstay.queue.chaos;

import org.jspecify.annotations.NullMarked;
