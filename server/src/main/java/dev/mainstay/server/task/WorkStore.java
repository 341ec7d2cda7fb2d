package dev.mainstay.server.task;

import static dev.mainstay.server.schema.Tables.MESSAGES;
import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_WORK;
import static dev.mainstay.server.schema.Tables.TOOL_CALLS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;

/** What runs have made, for other machines than the one that has the workspace. */
final class WorkStore {

  /**
   * A run's work at a point of its conversation.
   *
   * @param ordinal of the newest message that it belongs to
   * @param commitId empty if nothing has changed
   * @param bundle empty also if it is too large to be kept here
   */
  record Work(int ordinal, Optional<String> commitId, Optional<byte[]> bundle, String diff) {}

  /** Keeps the work that belongs to the conversation as it is now, whatever its ordinal says. */
  void save(Tx tx, Claim claim, Work work, Instant now) {
    Integer ordinal =
        tx.sql()
            .select(coalesce(max(MESSAGES.ORDINAL), inline(0)))
            .from(MESSAGES)
            .where(MESSAGES.TASK_ID.eq(claim.taskId()))
            .fetchSingle()
            .value1();
    tx.sql()
        .insertInto(TASK_WORK)
        .set(TASK_WORK.TASK_ID, claim.taskId())
        .set(TASK_WORK.ORGANIZATION_ID, claim.organizationId())
        .set(TASK_WORK.MESSAGE_ORDINAL, ordinal)
        .set(TASK_WORK.COMMIT_ID, work.commitId().orElse(null))
        .set(TASK_WORK.BUNDLE, work.bundle().orElse(null))
        .set(TASK_WORK.DIFF, work.diff())
        .set(TASK_WORK.SAVED_AT, now)
        .onConflict(TASK_WORK.TASK_ID)
        .doUpdate()
        .set(TASK_WORK.MESSAGE_ORDINAL, ordinal)
        .set(TASK_WORK.COMMIT_ID, work.commitId().orElse(null))
        .set(TASK_WORK.BUNDLE, work.bundle().orElse(null))
        .set(TASK_WORK.DIFF, work.diff())
        .set(TASK_WORK.SAVED_AT, now)
        .execute();
  }

  Optional<Work> find(DSLContext sql, String taskId) {
    return sql.select(
            TASK_WORK.MESSAGE_ORDINAL, TASK_WORK.COMMIT_ID, TASK_WORK.BUNDLE, TASK_WORK.DIFF)
        .from(TASK_WORK)
        .where(TASK_WORK.TASK_ID.eq(taskId))
        .fetchOptional(
            row ->
                new Work(
                    row.value1(),
                    Optional.ofNullable(row.value2()),
                    Optional.ofNullable(row.value3()),
                    row.value4()));
  }

  Optional<String> diff(DSLContext sql, String taskId) {
    return sql.select(TASK_WORK.DIFF)
        .from(TASK_WORK)
        .where(TASK_WORK.TASK_ID.eq(taskId))
        .fetchOptional(TASK_WORK.DIFF);
  }

  /** Whether the run has said anything yet. */
  boolean hasMessages(DSLContext sql, String taskId) {
    return sql.fetchExists(MESSAGES, MESSAGES.TASK_ID.eq(taskId));
  }

  /** The names of the tools that were called after a message, but for these. */
  List<String> callsAfter(DSLContext sql, String taskId, int ordinal, Set<String> without) {
    return sql.select(TOOL_CALLS.NAME)
        .from(TOOL_CALLS)
        .join(MESSAGES)
        .on(MESSAGES.ID.eq(TOOL_CALLS.MESSAGE_ID))
        .where(TOOL_CALLS.TASK_ID.eq(taskId))
        .and(MESSAGES.ORDINAL.gt(ordinal))
        .and(TOOL_CALLS.STARTED_AT.isNotNull())
        .and(TOOL_CALLS.NAME.notIn(without))
        .orderBy(TOOL_CALLS.ID)
        .fetch(TOOL_CALLS.NAME);
  }

  /** Bundles of tasks that ended before go; what they changed can still be seen. */
  int dropBundles(Tx tx, Instant finishedBefore, int limit) {
    return tx.sql()
        .update(TASK_WORK)
        .setNull(TASK_WORK.BUNDLE)
        .where(
            TASK_WORK.TASK_ID.in(
                select(TASK_WORK.TASK_ID)
                    .from(TASK_WORK)
                    .join(TASKS)
                    .on(TASKS.ID.eq(TASK_WORK.TASK_ID))
                    .where(TASK_WORK.BUNDLE.isNotNull())
                    .and(TASK_WORK.SAVED_AT.lt(finishedBefore))
                    .and(TASKS.FINISHED_AT.lt(finishedBefore))
                    .orderBy(TASK_WORK.SAVED_AT)
                    .limit(limit)))
        .execute();
  }
}
