@NullMarked
package dev.mainstay.server.task;

import org.jspecify.annotations.NullMarked;
