package dev.mainstay.server.platform;

/**
 * One thing that is wrong with an input.
 *
 * @param field its path in the body ({@code limits.maxTurns}), or the parameter's name
 */
public record FieldError(String field, String message) {}
