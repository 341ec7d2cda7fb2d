@NullMarked
package dev.mainstay.server.mail;

import org.jspecify.annotations.NullMarked;
