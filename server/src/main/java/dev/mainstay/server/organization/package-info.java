@NullMarked
package dev.mainstay.server.organization;

import org.jspecify.annotations.NullMarked;
