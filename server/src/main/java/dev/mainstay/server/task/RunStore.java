package dev.mainstay.server.task;

import static dev.mainstay.server.schema.Tables.MESSAGES;
import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_INPUTS;
import static dev.mainstay.server.schema.Tables.TOOL_CALLS;
import static dev.mainstay.server.task.RunStatements.ADD_USAGE;
import static dev.mainstay.server.task.RunStatements.CALL;
import static dev.mainstay.server.task.RunStatements.COST;
import static dev.mainstay.server.task.RunStatements.FINISH_CALL;
import static dev.mainstay.server.task.RunStatements.HOLD;
import static dev.mainstay.server.task.RunStatements.INSERT_CALL;
import static dev.mainstay.server.task.RunStatements.INSERT_MESSAGE;
import static dev.mainstay.server.task.RunStatements.INSERT_MODEL_CALL;
import static dev.mainstay.server.task.RunStatements.START_CALL;
import static dev.mainstay.server.task.RunStatements.WAITING_INPUTS;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.when;

import dev.mainstay.agent.Journal.Ended;
import dev.mainstay.agent.Journal.ModelCall;
import dev.mainstay.agent.LeaseLostException;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MessagesRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import dev.mainstay.server.schema.tables.records.ToolCallsRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What a run writes: messages, tool calls, model calls. Each write holds the claim first. */
final class RunStore {
  /**
   * Takes the task for a worker, if the job is still the task's and no newer claim was made.
   *
   * @return false if another job or a newer claim owns the task
   */
  boolean claim(Tx tx, Claim claim, Instant now) {
    return tx.sql()
            .update(TASKS)
            .set(TASKS.LEASE_TOKEN, claim.token())
            .set(TASKS.UPDATED_AT, now)
            .where(TASKS.ID.eq(claim.taskId()))
            .and(TASKS.JOB_ID.eq(claim.jobId()))
            .and(TASKS.LEASE_TOKEN.lt(claim.token()))
            .execute()
        == 1;
  }

  /**
   * Counts a claim as a crash until the worker leaves the task in good order, or the task has come
   * further than at the claim before: more messages, or more tool calls that have ended.
   */
  void countClaim(Tx tx, Claim claim) {
    int progress =
        tx.sql().fetchCount(MESSAGES, MESSAGES.TASK_ID.eq(claim.taskId()))
            + tx.sql()
                .fetchCount(
                    TOOL_CALLS,
                    TOOL_CALLS.TASK_ID.eq(claim.taskId()).and(TOOL_CALLS.FINISHED_AT.isNotNull()));
    int unused =
        tx.sql()
            .update(TASKS)
            .set(
                TASKS.CRASHES,
                when(TASKS.CRASH_PROGRESS.lt(progress), 1).otherwise(TASKS.CRASHES.plus(1)))
            .set(TASKS.CRASH_PROGRESS, progress)
            .where(TASKS.ID.eq(claim.taskId()))
            .execute();
  }

  /** Locks the task's row for this transaction; whoever has lost the claim writes nothing. */
  void hold(Tx tx, Claim claim, Instant now) {
    int rows = tx.execute(HOLD, now, claim.taskId(), claim.jobId(), claim.token());
    if (rows == 0) {
      throw new LeaseLostException("task " + claim.taskId() + " is another worker's now");
    }
  }

  TasksRecord task(DSLContext sql, String taskId) {
    return sql.selectFrom(TASKS).where(TASKS.ID.eq(taskId)).fetchSingle();
  }

  /** A message that is to be stored. */
  record NewMessage(
      String id, String role, boolean summary, String content, @Nullable String stopReason) {}

  void insertMessage(Tx tx, Claim claim, NewMessage message, Instant now) {
    int unused =
        tx.execute(
            INSERT_MESSAGE,
            message.id(),
            claim.organizationId(),
            claim.taskId(),
            message.role(),
            message.summary(),
            message.content(),
            message.stopReason(),
            now,
            claim.taskId());
  }

  /** The conversation from the newest summary on. */
  List<MessagesRecord> conversation(DSLContext sql, String taskId) {
    Integer from =
        sql.select(max(MESSAGES.ORDINAL))
            .from(MESSAGES)
            .where(MESSAGES.TASK_ID.eq(taskId))
            .and(MESSAGES.SUMMARY.isTrue())
            .fetchSingle()
            .value1();
    return sql.selectFrom(MESSAGES)
        .where(MESSAGES.TASK_ID.eq(taskId))
        .and(MESSAGES.ORDINAL.ge(from == null ? 0 : from))
        .orderBy(MESSAGES.ORDINAL)
        .fetch();
  }

  /** Takes the steering messages that wait, oldest first. */
  List<String> takeInputs(Tx tx, Claim claim, Instant now) {
    List<String> texts = tx.fetch(WAITING_INPUTS, row -> row.getString(1), claim.taskId());
    if (!texts.isEmpty()) {
      tx.sql()
          .update(TASK_INPUTS)
          .set(TASK_INPUTS.TAKEN_AT, now)
          .where(TASK_INPUTS.TASK_ID.eq(claim.taskId()))
          .and(TASK_INPUTS.TAKEN_AT.isNull())
          .execute();
    }
    return texts;
  }

  /**
   * A tool call that is to be stored.
   *
   * @param startedAt null unless it begins at once
   */
  record NewCall(
      String messageId,
      int ordinal,
      String toolUseId,
      String name,
      String input,
      String state,
      @Nullable String checkpoint,
      @Nullable Instant startedAt) {}

  void insertCall(Tx tx, Claim claim, NewCall call, Instant now) {
    int unused =
        tx.execute(
            INSERT_CALL,
            Ids.next(),
            claim.organizationId(),
            claim.taskId(),
            call.messageId(),
            call.ordinal(),
            call.toolUseId(),
            call.name(),
            call.input(),
            call.state(),
            call.checkpoint(),
            call.startedAt(),
            now);
  }

  List<ToolCallsRecord> calls(DSLContext sql, String messageId) {
    return sql.selectFrom(TOOL_CALLS)
        .where(TOOL_CALLS.MESSAGE_ID.eq(messageId))
        .orderBy(TOOL_CALLS.ORDINAL)
        .fetch();
  }

  /** A stored tool call, as far as its next step needs it. */
  record Call(String id, String toolUseId, String name, String input, String state) {}

  /** The newest call with this id: models may use an id again in a later message. */
  Call call(Tx tx, String taskId, String toolUseId) {
    return tx
        .fetch(
            CALL,
            row ->
                new Call(
                    row.getString(1),
                    toolUseId,
                    row.getString(2),
                    row.getString(3),
                    row.getString(4)),
            taskId,
            toolUseId)
        .stream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no tool call " + toolUseId));
  }

  void startCall(Tx tx, Call call, String state, @Nullable String checkpoint, Instant now) {
    int unused = tx.execute(START_CALL, state, checkpoint, now, call.id());
  }

  void finishCall(Tx tx, Call call, String state, Ended ended, Instant now) {
    int unused =
        tx.execute(
            FINISH_CALL,
            state,
            ended.output(),
            ended.isError(),
            ended.durationMillis(),
            now,
            call.id());
  }

  void insertModelCall(
      Tx tx, Claim claim, @Nullable String messageId, ModelCall call, Instant now) {
    int unused =
        tx.execute(
            INSERT_MODEL_CALL,
            Ids.next(),
            claim.organizationId(),
            claim.taskId(),
            messageId,
            call.model(),
            call.usage().inputTokens(),
            call.usage().outputTokens(),
            call.usage().cacheReadTokens(),
            call.usage().cacheWriteTokens(),
            call.costUsd(),
            call.stopReason(),
            call.millis(),
            now);
  }

  /** Adds a model call to the task's sums, and returns the new ones. */
  TaskView.UsageView addUsage(Tx tx, Claim claim, ModelCall call, int turns) {
    record Cost(BigDecimal usd, boolean known) {}
    Cost before =
        tx.fetch(
                COST,
                row -> new Cost(new BigDecimal(row.getString(1)), row.getBoolean(2)),
                claim.taskId())
            .getFirst();
    BigDecimal cost = call.costUsd();
    boolean known = before.known() && cost != null;
    BigDecimal sum = cost == null ? before.usd() : before.usd().add(cost);
    return tx.fetch(
            ADD_USAGE,
            row ->
                new TaskView.UsageView(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    known ? sum : null,
                    row.getInt(5),
                    row.getInt(6)),
            call.usage().inputTokens(),
            call.usage().outputTokens(),
            call.usage().cacheReadTokens(),
            call.usage().cacheWriteTokens(),
            turns,
            sum,
            known,
            claim.taskId())
        .getFirst();
  }
}
