package dev.mainstay.queue.spi;

import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;

/**
 * A job whose lease had ended, and what became of it.
 *
 * @param token of the lease that ended
 * @param state WAITING or FAILED
 * @param removeOnFail the job's own
 */
public record Recovered(
    long token,
    String id,
    JobState state,
    String workerId,
    int stalledCount,
    Retention removeOnFail) {}
