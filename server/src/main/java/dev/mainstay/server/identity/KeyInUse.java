package dev.mainstay.server.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that a request came with, and that is valid.
 *
 * @param organizations it is no person's
 * @param countedId the key with which its uses are counted: itself, unless it was rotated
 * @param limits of that key
 * @param refillAt when that key's {@code remaining} is filled up again
 */
record KeyInUse(
    Credential credential,
    boolean organizations,
    String countedId,
    KeyLimits limits,
    @Nullable Instant refillAt) {}
