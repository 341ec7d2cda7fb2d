@NullMarked
package dev.mainstay.server.admin;

import org.jspecify.annotations.NullMarked;
