package dev.mainstay.queue;

import java.time.Instant;
import java.util.Optional;

/**
 * Adds jobs at times. The next of them is always there, delayed; the one after it is added when
 * that becomes active, so none is added twice, and what was missed while nobody worked is made up
 * for by one job.
 *
 * @param template what its jobs are, without an id or a delay of their own; their ids are {@code
 *     repeat:ID:MILLISECONDS}
 * @param iterations jobs that were added, the next one too
 * @param next when the next is due; empty if there will be none
 */
public record JobScheduler(
    String id, Schedule schedule, JobRequest template, int iterations, Optional<Instant> next) {}
