package dev.mainstay.server.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bulk action and how far it is. What it counts may differ by some jobs after a crash of its
 * node.
 *
 * @param state of the jobs
 * @param name of the jobs; any if absent
 * @param text in the jobs; any if absent
 * @param reason why jobs are canceled
 * @param status queued, running, completed, failed or canceled
 * @param total jobs of the state as it began; absent before
 * @param scanned jobs that it has looked at
 * @param changed jobs to which it was done
 * @param skipped jobs that match but were in another state by then, or cannot be removed because a
 *     child of theirs is active
 * @param error why it failed
 * @param createdBy the user; only jobs that were there at {@code createdAt} are touched
 */
record BulkActionView(
    String id,
    String queue,
    BulkActionType action,
    JobStateName state,
    @Nullable String name,
    @Nullable String text,
    @Nullable String reason,
    BulkActionStatus status,
    @Nullable Long total,
    long scanned,
    long changed,
    long skipped,
    @Nullable String error,
    String createdBy,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {}
