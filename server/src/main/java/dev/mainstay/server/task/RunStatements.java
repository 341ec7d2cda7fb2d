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

import dev.mainstay.server.platform.KeptStatement;

/** The statements that every step of a run takes. */
final class RunStatements {
  static final KeptStatement HOLD =
      new KeptStatement(
          sql ->
              sql.update(TASKS)
                  .set(TASKS.UPDATED_AT, param(TASKS.UPDATED_AT))
                  .where(TASKS.ID.eq(param(TASKS.ID)))
                  .and(TASKS.JOB_ID.eq(param(TASKS.JOB_ID)))
                  .and(TASKS.LEASE_TOKEN.eq(param(TASKS.LEASE_TOKEN))));

  static final KeptStatement INSERT_MESSAGE =
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

  static final KeptStatement WAITING_INPUTS =
      new KeptStatement(
          sql ->
              sql.select(TASK_INPUTS.TEXT)
                  .from(TASK_INPUTS)
                  .where(TASK_INPUTS.TASK_ID.eq(param(TASK_INPUTS.TASK_ID)))
                  .and(TASK_INPUTS.TAKEN_AT.isNull())
                  .orderBy(TASK_INPUTS.ID));

  static final KeptStatement INSERT_CALL =
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
                      TOOL_CALLS.CHECKPOINT,
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
                      param(TOOL_CALLS.CHECKPOINT),
                      inline(false),
                      param(TOOL_CALLS.STARTED_AT),
                      param(TOOL_CALLS.CREATED_AT)));

  static final KeptStatement CALL =
      new KeptStatement(
          sql ->
              sql.select(TOOL_CALLS.ID, TOOL_CALLS.NAME, TOOL_CALLS.INPUT, TOOL_CALLS.STATE)
                  .from(TOOL_CALLS)
                  .where(TOOL_CALLS.TASK_ID.eq(param(TOOL_CALLS.TASK_ID)))
                  .and(TOOL_CALLS.TOOL_USE_ID.eq(param(TOOL_CALLS.TOOL_USE_ID)))
                  .orderBy(TOOL_CALLS.ID.desc())
                  .limit(inline(1)));

  static final KeptStatement START_CALL =
      new KeptStatement(
          sql ->
              sql.update(TOOL_CALLS)
                  .set(TOOL_CALLS.STATE, param(TOOL_CALLS.STATE))
                  .set(TOOL_CALLS.CHECKPOINT, param(TOOL_CALLS.CHECKPOINT))
                  .set(TOOL_CALLS.STARTED_AT, param(TOOL_CALLS.STARTED_AT))
                  .where(TOOL_CALLS.ID.eq(param(TOOL_CALLS.ID))));

  static final KeptStatement FINISH_CALL =
      new KeptStatement(
          sql ->
              sql.update(TOOL_CALLS)
                  .set(TOOL_CALLS.STATE, param(TOOL_CALLS.STATE))
                  .set(TOOL_CALLS.OUTPUT, param(TOOL_CALLS.OUTPUT))
                  .set(TOOL_CALLS.IS_ERROR, param(TOOL_CALLS.IS_ERROR))
                  .set(TOOL_CALLS.DURATION_MS, param(TOOL_CALLS.DURATION_MS))
                  .set(TOOL_CALLS.FINISHED_AT, param(TOOL_CALLS.FINISHED_AT))
                  .where(TOOL_CALLS.ID.eq(param(TOOL_CALLS.ID))));

  static final KeptStatement INSERT_MODEL_CALL =
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

  static final KeptStatement COST =
      new KeptStatement(
          sql ->
              sql.select(TASKS.COST_USD, TASKS.COST_KNOWN)
                  .from(TASKS)
                  .where(TASKS.ID.eq(param(TASKS.ID))));

  static final KeptStatement ADD_USAGE =
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

  private RunStatements() {}
}
