@NullMarked
package dev.mainstay.agent.tool;

import org.jspecify.annotations.NullMarked;
