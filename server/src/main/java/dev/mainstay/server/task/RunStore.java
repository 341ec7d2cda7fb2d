package dev.mainstay.server.task;

import static dev.mainstay.server.schema.Tables.MESSAGES;
import static dev.mainstay.server.schema.Tables.MODEL_CALLS;
import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_INPUTS;
import static dev.mainstay.server.schema.Tables.TOOL_CALLS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.param;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.when;

import dev.mainstay.agent.Journal.Ended;
import dev.mainstay.agent.Journal.ModelCall;
import dev.mainstay.agent.LeaseLostException;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.KeptStatement;
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
  private static final KeptStatement HOLD =
      new KeptStatement(
          sql ->
              sql.update(TASKS)
                  .set(TASKS.UPDATED_AT, param(TASKS.UPDATED_AT))
                  .where(TASKS.ID.eq(param(TASKS.ID)))
                  .and(TASKS.JOB_ID.eq(param(TASKS.JOB_ID)))
                  .and(TASKS.LEASE_TOKEN.eq(param(TASKS.LEASE_TOKEN))));

  private static final KeptStatement INSERT_MESSAGE =
      new KeptStatement(
          sql ->
              sql.insertInto(
                      MESSAGES,
                      MESSAGES.ID,
                      MESSAGES.ORGANIZATION_ID,
                      MESSAGES.TASK_ID,
                      MESSAGES.ROLE,
                      MESSAGES.SUMMARY,
                      MESSAGES.CONTENT,
                      MESSAGES.STOP_REASON,
                      MESSAGES.CREATED_AT,
                      MESSAGES.ORDINAL)
                  .select(
                      select(
                              param(MESSAGES.ID),
                              param(MESSAGES.ORGANIZATION_ID),
                              param(MESSAGES.TASK_ID),
                              param(MESSAGES.ROLE),
                              param(MESSAGES.SUMMARY),
                              param(MESSAGES.CONTENT),
                              param(MESSAGES.STOP_REASON),
                              param(MESSAGES.CREATED_AT),
                              coalesce(max(MESSAGES.ORDINAL), inline(0)).plus(inline(1)))
                          .from(MESSAGES)
                          .where(MESSAGES.TASK_ID.eq(param(MESSAGES.TASK_ID)))));

  private static final KeptStatement WAITING_INPUTS =
      new KeptStatement(
          sql ->
              sql.select(TASK_INPUTS.TEXT)
                  .from(TASK_INPUTS)
                  .where(TASK_INPUTS.TASK_ID.eq(param(TASK_INPUTS.TASK_ID)))
                  .and(TASK_INPUTS.TAKEN_AT.isNull())
                  .orderBy(TASK_INPUTS.ID));

  private static final KeptStatement INSERT_CALL =
      new KeptStatement(
          sql ->
              sql.insertInto(
                      TOOL_CALLS,
                      TOOL_CALLS.ID,
                      TOOL_CALLS.ORGANIZATION_ID,
                      TOOL_CALLS.TASK_ID,
                      TOOL_CALLS.MESSAGE_ID,
                      TOOL_CALLS.ORDINAL,
                      TOOL_CALLS.TOOL_USE_ID,
                      TOOL_CALLS.NAME,
                      TOOL_CALLS.INPUT,
                      TOOL_CALLS.STATE,
                      TOOL_CALLS.IS_ERROR,
                      TOOL_CALLS.STARTED_AT,
                      TOOL_CALLS.CREATED_AT)
                  .values(
                      param(TOOL_CALLS.ID),
                      param(TOOL_CALLS.ORGANIZATION_ID),
                      param(TOOL_CALLS.TASK_ID),
                      param(TOOL_CALLS.MESSAGE_ID),
                      param(TOOL_CALLS.ORDINAL),
                      param(TOOL_CALLS.TOOL_USE_ID),
                      param(TOOL_CALLS.NAME),
                      param(TOOL_CALLS.INPUT),
                      param(TOOL_CALLS.STATE),
                      inline(false),
                      param(TOOL_CALLS.STARTED_AT),
                      param(TOOL_CALLS.CREATED_AT)));

  private static final KeptStatement CALL =
      new KeptStatement(
          sql ->
              sql.select(TOOL_CALLS.ID, TOOL_CALLS.NAME, TOOL_CALLS.INPUT, TOOL_CALLS.STATE)
                  .from(TOOL_CALLS)
                  .where(TOOL_CALLS.TASK_ID.eq(param(TOOL_CALLS.TASK_ID)))
                  .and(TOOL_CALLS.TOOL_USE_ID.eq(param(TOOL_CALLS.TOOL_USE_ID)))
                  .orderBy(TOOL_CALLS.ID.desc())
                  .limit(inline(1)));

  private static final KeptStatement START_CALL =
      new KeptStatement(
          sql ->
              sql.update(TOOL_CALLS)
                  .set(TOOL_CALLS.STATE, param(TOOL_CALLS.STATE))
                  .set(TOOL_CALLS.STARTED_AT, param(TOOL_CALLS.STARTED_AT))
                  .where(TOOL_CALLS.ID.eq(param(TOOL_CALLS.ID))));

  private static final KeptStatement FINISH_CALL =
      new KeptStatement(
          sql ->
              sql.update(TOOL_CALLS)
                  .set(TOOL_CALLS.STATE, param(TOOL_CALLS.STATE))
                  .set(TOOL_CALLS.OUTPUT, param(TOOL_CALLS.OUTPUT))
                  .set(TOOL_CALLS.IS_ERROR, param(TOOL_CALLS.IS_ERROR))
                  .set(TOOL_CALLS.DURATION_MS, param(TOOL_CALLS.DURATION_MS))
                  .set(TOOL_CALLS.FINISHED_AT, param(TOOL_CALLS.FINISHED_AT))
                  .where(TOOL_CALLS.ID.eq(param(TOOL_CALLS.ID))));

  private static final KeptStatement INSERT_MODEL_CALL =
      new KeptStatement(
          sql ->
              sql.insertInto(
                      MODEL_CALLS,
                      MODEL_CALLS.ID,
                      MODEL_CALLS.ORGANIZATION_ID,
                      MODEL_CALLS.TASK_ID,
                      MODEL_CALLS.MESSAGE_ID,
                      MODEL_CALLS.MODEL,
                      MODEL_CALLS.INPUT_TOKENS,
                      MODEL_CALLS.OUTPUT_TOKENS,
                      MODEL_CALLS.CACHE_READ_TOKENS,
                      MODEL_CALLS.CACHE_WRITE_TOKENS,
                      MODEL_CALLS.COST_USD,
                      MODEL_CALLS.STOP_REASON,
                      MODEL_CALLS.DURATION_MS,
                      MODEL_CALLS.CREATED_AT)
                  .values(
                      param(MODEL_CALLS.ID),
                      param(MODEL_CALLS.ORGANIZATION_ID),
                      param(MODEL_CALLS.TASK_ID),
                      param(MODEL_CALLS.MESSAGE_ID),
                      param(MODEL_CALLS.MODEL),
                      param(MODEL_CALLS.INPUT_TOKENS),
                      param(MODEL_CALLS.OUTPUT_TOKENS),
                      param(MODEL_CALLS.CACHE_READ_TOKENS),
                      param(MODEL_CALLS.CACHE_WRITE_TOKENS),
                      param(MODEL_CALLS.COST_USD),
                      param(MODEL_CALLS.STOP_REASON),
                      param(MODEL_CALLS.DURATION_MS),
                      param(MODEL_CALLS.CREATED_AT)));

  private static final KeptStatement COST =
      new KeptStatement(
          sql ->
              sql.select(TASKS.COST_USD, TASKS.COST_KNOWN)
                  .from(TASKS)
                  .where(TASKS.ID.eq(param(TASKS.ID))));

  private static final KeptStatement ADD_USAGE =
      new KeptStatement(
          sql ->
              sql.update(TASKS)
                  .set(TASKS.INPUT_TOKENS, TASKS.INPUT_TOKENS.plus(param(TASKS.INPUT_TOKENS)))
                  .set(TASKS.OUTPUT_TOKENS, TASKS.OUTPUT_TOKENS.plus(param(TASKS.OUTPUT_TOKENS)))
                  .set(
                      TASKS.CACHE_READ_TOKENS,
                      TASKS.CACHE_READ_TOKENS.plus(param(TASKS.CACHE_READ_TOKENS)))
                  .set(
                      TASKS.CACHE_WRITE_TOKENS,
                      TASKS.CACHE_WRITE_TOKENS.plus(param(TASKS.CACHE_WRITE_TOKENS)))
                  .set(TASKS.MODEL_CALLS, TASKS.MODEL_CALLS.plus(inline(1)))
                  .set(TASKS.TURNS, TASKS.TURNS.plus(param(TASKS.TURNS)))
                  .set(TASKS.COST_USD, param(TASKS.COST_USD))
                  .set(TASKS.COST_KNOWN, param(TASKS.COST_KNOWN))
                  .where(TASKS.ID.eq(param(TASKS.ID)))
                  .returning(
                      TASKS.INPUT_TOKENS,
                      TASKS.OUTPUT_TOKENS,
                      TASKS.CACHE_READ_TOKENS,
                      TASKS.CACHE_WRITE_TOKENS,
                      TASKS.MODEL_CALLS,
                      TASKS.TURNS));

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

  void startCall(Tx tx, Call call, String state, Instant now) {
    int unused = tx.execute(START_CALL, state, now, call.id());
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
