package dev.mainstay.server.task;

import static dev.mainstay.server.schema.Tables.MESSAGES;
import static dev.mainstay.server.schema.Tables.MODEL_CALLS;
import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_INPUTS;
import static dev.mainstay.server.schema.Tables.TOOL_CALLS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;

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

  /** Locks the task's row for this transaction; whoever has lost the claim writes nothing. */
  void hold(Tx tx, Claim claim, Instant now) {
    int rows =
        tx.sql()
            .update(TASKS)
            .set(TASKS.UPDATED_AT, now)
            .where(TASKS.ID.eq(claim.taskId()))
            .and(TASKS.JOB_ID.eq(claim.jobId()))
            .and(TASKS.LEASE_TOKEN.eq(claim.token()))
            .execute();
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
    int ordinal =
        tx.sql()
            .select(coalesce(max(MESSAGES.ORDINAL), inline(0)).plus(inline(1)))
            .from(MESSAGES)
            .where(MESSAGES.TASK_ID.eq(claim.taskId()))
            .fetchSingle()
            .value1();
    tx.sql()
        .insertInto(MESSAGES)
        .set(MESSAGES.ID, message.id())
        .set(MESSAGES.ORGANIZATION_ID, claim.organizationId())
        .set(MESSAGES.TASK_ID, claim.taskId())
        .set(MESSAGES.ORDINAL, ordinal)
        .set(MESSAGES.ROLE, message.role())
        .set(MESSAGES.SUMMARY, message.summary())
        .set(MESSAGES.CONTENT, message.content())
        .set(MESSAGES.STOP_REASON, message.stopReason())
        .set(MESSAGES.CREATED_AT, now)
        .execute();
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
    List<String> texts =
        tx.sql()
            .select(TASK_INPUTS.TEXT)
            .from(TASK_INPUTS)
            .where(TASK_INPUTS.TASK_ID.eq(claim.taskId()))
            .and(TASK_INPUTS.TAKEN_AT.isNull())
            .orderBy(TASK_INPUTS.ID)
            .fetch(TASK_INPUTS.TEXT);
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

  void insertCall(Tx tx, ToolCallsRecord call) {
    tx.sql().executeInsert(call);
  }

  List<ToolCallsRecord> calls(DSLContext sql, String messageId) {
    return sql.selectFrom(TOOL_CALLS)
        .where(TOOL_CALLS.MESSAGE_ID.eq(messageId))
        .orderBy(TOOL_CALLS.ORDINAL)
        .fetch();
  }

  /** The newest call with this id: models may use an id again in a later message. */
  ToolCallsRecord call(Tx tx, String taskId, String toolUseId) {
    return tx.sql()
        .selectFrom(TOOL_CALLS)
        .where(TOOL_CALLS.TASK_ID.eq(taskId))
        .and(TOOL_CALLS.TOOL_USE_ID.eq(toolUseId))
        .orderBy(TOOL_CALLS.ID.desc())
        .limit(1)
        .fetchOptional()
        .orElseThrow(() -> new IllegalArgumentException("there is no tool call " + toolUseId));
  }

  void updateCall(Tx tx, ToolCallsRecord call) {
    tx.sql().executeUpdate(call);
  }

  void insertModelCall(
      Tx tx, Claim claim, @Nullable String messageId, ModelCall call, Instant now) {
    tx.sql()
        .insertInto(MODEL_CALLS)
        .set(MODEL_CALLS.ID, Ids.next())
        .set(MODEL_CALLS.ORGANIZATION_ID, claim.organizationId())
        .set(MODEL_CALLS.TASK_ID, claim.taskId())
        .set(MODEL_CALLS.MESSAGE_ID, messageId)
        .set(MODEL_CALLS.MODEL, call.model())
        .set(MODEL_CALLS.INPUT_TOKENS, call.usage().inputTokens())
        .set(MODEL_CALLS.OUTPUT_TOKENS, call.usage().outputTokens())
        .set(MODEL_CALLS.CACHE_READ_TOKENS, call.usage().cacheReadTokens())
        .set(MODEL_CALLS.CACHE_WRITE_TOKENS, call.usage().cacheWriteTokens())
        .set(MODEL_CALLS.COST_USD, call.costUsd())
        .set(MODEL_CALLS.STOP_REASON, call.stopReason())
        .set(MODEL_CALLS.DURATION_MS, call.millis())
        .set(MODEL_CALLS.CREATED_AT, now)
        .execute();
  }

  /** Adds a model call to the task's sums, and returns the task with the new ones. */
  TasksRecord addUsage(Tx tx, Claim claim, ModelCall call, int turns) {
    TasksRecord task = task(tx.sql(), claim.taskId());
    BigDecimal cost = call.costUsd();
    task.setInputTokens(task.getInputTokens() + call.usage().inputTokens());
    task.setOutputTokens(task.getOutputTokens() + call.usage().outputTokens());
    task.setCacheReadTokens(task.getCacheReadTokens() + call.usage().cacheReadTokens());
    task.setCacheWriteTokens(task.getCacheWriteTokens() + call.usage().cacheWriteTokens());
    task.setModelCalls(task.getModelCalls() + 1);
    task.setTurns(task.getTurns() + turns);
    if (cost == null) {
      task.setCostKnown(false);
    } else {
      task.setCostUsd(task.getCostUsd().add(cost));
    }
    tx.sql().executeUpdate(task);
    return task;
  }
}
