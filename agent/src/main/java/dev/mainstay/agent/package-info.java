@NullMarked
package dev.mainstay.agent;

import org.jspecify.annotations.NullMarked;
