package dev.mainstay.queue;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list.
 *
 * @param next gets the part that follows; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {}
