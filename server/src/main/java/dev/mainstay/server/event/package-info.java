@NullMarked
package dev.mainstay.server.event;

import org.jspecify.annotations.NullMarked;
