@NullMarked
package dev.mainstay.server.identity;

import org.jspecify.annotations.NullMarked;
