@NullMarked
package dev.mainstay.server.cli;

import org.jspecify.annotations.NullMarked;
