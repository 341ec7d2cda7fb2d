@NullMarked
package dev.mainstay.agent.git;

import org.jspecify.annotations.NullMarked;
