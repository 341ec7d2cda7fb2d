package dev.mainstay.server.identity;

/**
 * Somebody has proved the first factor, and is asked for the second.
 *
 * @param method how they proved the first
 * @param remembered of the session to be
 * @param mailAllowed whether a code by mail is good
 * @param attempts guesses, with the present one
 */
record TwoFactorChallenge(
    String tokenHash,
    String userId,
    String method,
    boolean remembered,
    boolean mailAllowed,
    int attempts) {}
