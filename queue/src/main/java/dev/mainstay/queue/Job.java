package dev.mainstay.queue;

import java.time.Instant;
import java.util.Optional;

/**
 * A job as it is stored.
 *
 * @param attemptsMade attempts that have ended, in success or failure
 * @param stalledCount how often its lease ran out under a worker
 */
public record Job(
    String id,
    String name,
    String data,
    JobState state,
    Priority priority,
    int attempts,
    int attemptsMade,
    int stalledCount,
    Instant createdAt,
    Optional<Instant> runAt,
    Optional<Instant> finishedAt,
    Optional<String> returnValue,
    Optional<String> failedReason) {}
