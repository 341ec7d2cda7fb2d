@NullMarked
package dev.mainstay.agent.sandbox;

import org.jspecify.annotations.NullMarked;
