package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobState;

/**
 * A job whose lease had ended, and what became of it.
 *
 * @param token of the lease that ended
 * @param state WAITING or FAILED
 */
record Recovered(long token, String id, JobState state, String workerId, int stalledCount) {}
