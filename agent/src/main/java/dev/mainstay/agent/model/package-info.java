@NullMarked
package dev.mainstay.agent.model;

import org.jspecify.annotations.NullMarked;
