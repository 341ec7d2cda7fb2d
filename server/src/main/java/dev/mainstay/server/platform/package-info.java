@NullMarked
package dev.mainstay.server.platform;

import org.jspecify.annotations.NullMarked;
