@NullMarked
package dev.mainstay.server.identity.social;

import org.jspecify.annotations.NullMarked;
