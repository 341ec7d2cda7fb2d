package dev.mainstay.server.task;

import static dev.mainstay.server.schema.Tables.MESSAGES;
import static dev.mainstay.server.schema.Tables.MODEL_CALLS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.REVIEWS;
import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_INPUTS;
import static dev.mainstay.server.schema.Tables.TASK_WORK;
import static dev.mainstay.server.schema.Tables.TOOL_CALLS;
import static org.jooq.impl.DSL.select;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.schema.tables.records.MessagesRecord;
import dev.mainstay.server.schema.tables.records.ReviewsRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import dev.mainstay.server.schema.tables.records.ToolCallsRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Tasks and what people say to them. */
final class TaskStore {

  void insert(Tx tx, TasksRecord row) {
    tx.sql().executeInsert(row);
  }

  Optional<TasksRecord> find(DSLContext sql, String organizationId, String id) {
    return sql.selectFrom(TASKS)
        .where(TASKS.ID.eq(id))
        .and(TASKS.ORGANIZATION_ID.eq(organizationId))
        .fetchOptional();
  }

  /** By id alone: for the runner, which works for every organization. */
  Optional<TasksRecord> find(DSLContext sql, String id) {
    return sql.selectFrom(TASKS).where(TASKS.ID.eq(id)).fetchOptional();
  }

  /**
   * As {@link #find(DSLContext, String, String)}, and nobody else changes the task before this
   * transaction ends.
   */
  Optional<TasksRecord> lock(Tx tx, String organizationId, String id) {
    return tx.locking(
            tx.sql()
                .selectFrom(TASKS)
                .where(TASKS.ID.eq(id))
                .and(TASKS.ORGANIZATION_ID.eq(organizationId)))
        .fetchOptional();
  }

  /**
   * What a list shows.
   *
   * @param before only tasks created before the one with this id
   */
  record Filter(
      Optional<TaskStatus> status,
      Optional<CreateTask.TaskPriority> priority,
      Optional<String> text,
      Optional<String> before) {

    /** True if an index leads to the first rows, however many do not match. */
    boolean indexed() {
      return text.isEmpty() && (status.isEmpty() || priority.isEmpty());
    }
  }

  List<TasksRecord> list(DSLContext sql, String organizationId, Filter filter, int limit) {
    Condition condition = TASKS.ORGANIZATION_ID.eq(organizationId);
    if (filter.status().isPresent()) {
      condition = condition.and(TASKS.STATUS.eq(filter.status().get().word()));
    }
    if (filter.priority().isPresent()) {
      condition = condition.and(TASKS.PRIORITY.eq(filter.priority().get().name()));
    }
    if (filter.text().isPresent()) {
      String text = filter.text().get();
      condition =
          condition.and(
              TASKS
                  .PROMPT
                  .containsIgnoreCase(text)
                  .or(TASKS.REPO_URL.containsIgnoreCase(text))
                  .or(TASKS.SUMMARY.containsIgnoreCase(text))
                  .or(TASKS.ID.startsWith(text.toLowerCase(Locale.ROOT))));
    }
    if (filter.before().isPresent()) {
      condition = condition.and(TASKS.ID.lt(filter.before().get()));
    }
    return sql.selectFrom(TASKS).where(condition).orderBy(TASKS.ID.desc()).limit(limit).fetch();
  }

  /**
   * Writes the fields that differ from the stored row, if the status is one from which the new one
   * may follow.
   *
   * @return false if it is not, and nothing was written
   */
  boolean move(Tx tx, TasksRecord row, TaskStatus to, Instant now) {
    row.setStatus(to.word());
    row.setUpdatedAt(now);
    return tx.sql()
            .update(TASKS)
            .set(row)
            .where(TASKS.ID.eq(row.getId()))
            .and(TASKS.STATUS.in(predecessors(to)))
            .execute()
        == 1;
  }

  private static List<String> predecessors(TaskStatus to) {
    return Arrays.stream(TaskStatus.values())
        .filter(from -> from.next().contains(to))
        .map(TaskStatus::word)
        .toList();
  }

  void requestCancel(Tx tx, String id, Instant now) {
    tx.sql()
        .update(TASKS)
        .set(TASKS.CANCEL_REQUESTED, true)
        .set(TASKS.UPDATED_AT, now)
        .where(TASKS.ID.eq(id))
        .execute();
  }

  /** As {@link #requestCancel}, for all tasks of an organization that are not over. */
  void requestCancelOfAll(Tx tx, String organizationId, Instant now) {
    tx.sql()
        .update(TASKS)
        .set(TASKS.CANCEL_REQUESTED, true)
        .set(TASKS.UPDATED_AT, now)
        .where(TASKS.ORGANIZATION_ID.eq(organizationId))
        .and(
            TASKS.STATUS.in(
                TaskStatus.QUEUED.word(), TaskStatus.RUNNING.word(), TaskStatus.WAITING.word()))
        .execute();
  }

  /** Tasks that have or should have a job, in the order of their ids, from after one on. */
  List<TasksRecord> unfinished(DSLContext sql, String after, Instant changedBefore, int limit) {
    return sql.selectFrom(TASKS)
        .where(TASKS.STATUS.in(TaskStatus.QUEUED.word(), TaskStatus.RUNNING.word()))
        .and(TASKS.ID.gt(after))
        .and(TASKS.UPDATED_AT.lt(changedBefore))
        .orderBy(TASKS.ID)
        .limit(limit)
        .fetch();
  }

  /** Which of these running tasks somebody has canceled. */
  List<String> canceled(DSLContext sql, Collection<String> ids) {
    return sql.select(TASKS.ID)
        .from(TASKS)
        .where(TASKS.ID.in(ids))
        .and(TASKS.CANCEL_REQUESTED.isTrue())
        .and(TASKS.STATUS.eq(TaskStatus.RUNNING.word()))
        .fetch(TASKS.ID);
  }

  /** A steering message that waits until the run takes it. */
  String addInput(Tx tx, TasksRecord task, String userId, String text, Instant now) {
    String id = Ids.next();
    tx.sql()
        .insertInto(TASK_INPUTS)
        .set(TASK_INPUTS.ID, id)
        .set(TASK_INPUTS.ORGANIZATION_ID, task.getOrganizationId())
        .set(TASK_INPUTS.TASK_ID, task.getId())
        .set(TASK_INPUTS.CREATED_BY, userId)
        .set(TASK_INPUTS.TEXT, text)
        .set(TASK_INPUTS.CREATED_AT, now)
        .execute();
    return id;
  }

  int openInputs(DSLContext sql, String taskId) {
    return sql.fetchCount(
        TASK_INPUTS, TASK_INPUTS.TASK_ID.eq(taskId).and(TASK_INPUTS.TAKEN_AT.isNull()));
  }

  void insertReview(Tx tx, ReviewsRecord review) {
    tx.sql().executeInsert(review);
  }

  Optional<ReviewsRecord> lastReview(DSLContext sql, String taskId) {
    return sql.selectFrom(REVIEWS)
        .where(REVIEWS.TASK_ID.eq(taskId))
        .orderBy(REVIEWS.ID.desc())
        .limit(1)
        .fetchOptional();
  }

  /** Decides a review once: of two decisions one is taken. */
  boolean decide(Tx tx, ReviewsRecord review, String decision, String userId, Instant now) {
    return tx.sql()
            .update(REVIEWS)
            .set(REVIEWS.DECISION, decision)
            .set(REVIEWS.REASON, review.getReason())
            .set(REVIEWS.DECIDED_BY, userId)
            .set(REVIEWS.DECIDED_AT, now)
            .where(REVIEWS.ID.eq(review.getId()))
            .and(REVIEWS.DECISION.isNull())
            .execute()
        == 1;
  }

  Page<MessageView> messages(DSLContext sql, String taskId, int after, int limit) {
    List<MessagesRecord> rows =
        sql.selectFrom(MESSAGES)
            .where(MESSAGES.TASK_ID.eq(taskId))
            .and(MESSAGES.ORDINAL.gt(after))
            .orderBy(MESSAGES.ORDINAL)
            .limit(limit + 1)
            .fetch();
    return Page.of(rows, limit, TaskStore::view, row -> row.getOrdinal().toString());
  }

  private static MessageView view(MessagesRecord row) {
    return new MessageView(
        row.getId(),
        row.getRole(),
        Json.read(row.getContent()),
        row.getSummary(),
        row.getStopReason(),
        row.getCreatedAt());
  }

  Page<ToolCallView> toolCalls(DSLContext sql, String taskId, String after, int limit) {
    List<ToolCallsRecord> rows =
        sql.selectFrom(TOOL_CALLS)
            .where(TOOL_CALLS.TASK_ID.eq(taskId))
            .and(TOOL_CALLS.ID.gt(after))
            .orderBy(TOOL_CALLS.ID)
            .limit(limit + 1)
            .fetch();
    return Page.of(rows, limit, TaskStore::view, ToolCallsRecord::getId);
  }

  private static ToolCallView view(ToolCallsRecord row) {
    return new ToolCallView(
        row.getToolUseId(),
        row.getMessageId(),
        row.getName(),
        Json.read(row.getInput()),
        row.getState(),
        row.getOutput(),
        row.getIsError(),
        row.getDurationMs(),
        row.getStartedAt(),
        row.getFinishedAt());
  }

  /** Finished tasks whose workspace, in this directory, has been kept long enough. */
  List<TasksRecord> withOldWorkspace(
      DSLContext sql, String directory, Instant finishedBefore, int limit) {
    return sql.selectFrom(TASKS)
        .where(TASKS.FINISHED_AT.lt(finishedBefore))
        .and(TASKS.WORKSPACE_REMOVED_AT.isNull())
        .and(TASKS.WORKSPACE_STORE.isNull().or(TASKS.WORKSPACE_STORE.eq(directory)))
        .orderBy(TASKS.FINISHED_AT)
        .limit(limit)
        .fetch();
  }

  /** Of these tasks, those that finished before, and had gone on in another directory. */
  List<TasksRecord> finishedElsewhere(
      DSLContext sql, Collection<String> ids, String directory, Instant finishedBefore) {
    return sql.selectFrom(TASKS)
        .where(TASKS.ID.in(ids))
        .and(TASKS.FINISHED_AT.lt(finishedBefore))
        .and(TASKS.WORKSPACE_STORE.ne(directory))
        .fetch();
  }

  /** Those of the ids that are tasks. */
  Set<String> existing(DSLContext sql, Collection<String> ids) {
    return sql.select(TASKS.ID).from(TASKS).where(TASKS.ID.in(ids)).fetchSet(TASKS.ID);
  }

  /** Tasks that ended before, whose rows and all that belongs to them go. */
  List<TasksRecord> endedBefore(DSLContext sql, Instant before, int limit) {
    return sql.selectFrom(TASKS)
        .where(TASKS.FINISHED_AT.lt(before))
        .orderBy(TASKS.FINISHED_AT, TASKS.ID)
        .limit(limit)
        .fetch();
  }

  /** Tasks of organizations that are gone, which have ended. */
  List<TasksRecord> ofDeletedOrganizations(DSLContext sql, int limit) {
    return sql.selectFrom(TASKS)
        .where(TASKS.FINISHED_AT.isNotNull())
        .and(
            TASKS.ORGANIZATION_ID.in(
                select(ORGANIZATIONS.ID)
                    .from(ORGANIZATIONS)
                    .where(ORGANIZATIONS.DELETED_AT.isNotNull())))
        .limit(limit)
        .fetch();
  }

  /** Removes a task and what belongs to it, but for its events. */
  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(REVIEWS).where(REVIEWS.TASK_ID.eq(id)).execute();
    tx.sql().deleteFrom(TASK_INPUTS).where(TASK_INPUTS.TASK_ID.eq(id)).execute();
    tx.sql().deleteFrom(MODEL_CALLS).where(MODEL_CALLS.TASK_ID.eq(id)).execute();
    tx.sql().deleteFrom(TOOL_CALLS).where(TOOL_CALLS.TASK_ID.eq(id)).execute();
    tx.sql().deleteFrom(MESSAGES).where(MESSAGES.TASK_ID.eq(id)).execute();
    tx.sql().deleteFrom(TASK_WORK).where(TASK_WORK.TASK_ID.eq(id)).execute();
    tx.sql().deleteFrom(TASKS).where(TASKS.ID.eq(id)).execute();
  }

  void workspaceRemoved(Tx tx, String id, Instant now) {
    tx.sql()
        .update(TASKS)
        .set(TASKS.WORKSPACE_REMOVED_AT, now)
        .where(TASKS.ID.eq(id))
        .and(TASKS.FINISHED_AT.isNotNull())
        .execute();
  }

  /** Tasks by status, for the metrics. */
  java.util.Map<String, Integer> countByStatus(DSLContext sql) {
    return sql.select(TASKS.STATUS, DSL.count())
        .from(TASKS)
        .groupBy(TASKS.STATUS)
        .fetchMap(TASKS.STATUS, DSL.count());
  }
}
