@NullMarked
package dev.mainstay.server.audit;

import org.jspecify.annotations.NullMarked;
