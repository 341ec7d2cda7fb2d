@NullMarked
package dev.mainstay.queue;

import org.jspecify.annotations.NullMarked;
