@NullMarked
package dev.mainstay.server.platform.http;

import org.jspecify.annotations.NullMarked;
