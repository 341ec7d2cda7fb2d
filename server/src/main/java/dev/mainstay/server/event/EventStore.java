package dev.mainstay.server.event;

import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_EVENTS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.param;
import static org.jooq.impl.DSL.select;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.KeptStatement;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.Record5;
import org.jooq.SelectConditionStep;

/** The table of events. */
final class EventStore {
  private static final int PRUNE_BATCH = 500;

  private static final KeptStatement NEXT_SEQ =
      new KeptStatement(
          sql ->
              sql.select(coalesce(max(TASK_EVENTS.SEQ), inline(0L)).plus(inline(1L)))
                  .from(TASK_EVENTS)
                  .where(TASK_EVENTS.TASK_ID.eq(param(TASK_EVENTS.TASK_ID))));

  private static final KeptStatement APPEND =
      new KeptStatement(
          sql ->
              sql.insertInto(
                      TASK_EVENTS,
                      TASK_EVENTS.TASK_ID,
                      TASK_EVENTS.SEQ,
                      TASK_EVENTS.ORGANIZATION_ID,
                      TASK_EVENTS.TYPE,
                      TASK_EVENTS.DATA,
                      TASK_EVENTS.AT)
                  .values(
                      param(TASK_EVENTS.TASK_ID),
                      param(TASK_EVENTS.SEQ),
                      param(TASK_EVENTS.ORGANIZATION_ID),
                      param(TASK_EVENTS.TYPE),
                      param(TASK_EVENTS.DATA),
                      param(TASK_EVENTS.AT)));

  private final Database database;

  EventStore(Database database) {
    this.database = database;
  }

  Event append(
      Tx tx, String organizationId, String taskId, String type, Instant at, JsonNode data) {
    long seq = tx.fetch(NEXT_SEQ, row -> row.getLong(1), taskId).getFirst();
    int unused = tx.execute(APPEND, taskId, seq, organizationId, type, Json.write(data), at);
    return new Event(seq, taskId, type, at, data);
  }

  /** Events after a position, in order; empty also if the task is another organization's. */
  List<Event> after(String organizationId, String taskId, long after, int limit) {
    return database.read(
        sql ->
            events(sql, organizationId, taskId)
                .and(TASK_EVENTS.SEQ.gt(after))
                .orderBy(TASK_EVENTS.SEQ)
                .limit(limit)
                .fetch(EventStore::event));
  }

  /** The newest event; every task has one, so empty means that there is no such task. */
  Optional<Event> last(String organizationId, String taskId) {
    return database.read(
        sql ->
            events(sql, organizationId, taskId)
                .orderBy(TASK_EVENTS.SEQ.desc())
                .limit(1)
                .fetchOptional(EventStore::event));
  }

  /** The newest position of each of these tasks. */
  Map<String, Long> positions(Collection<String> taskIds) {
    return database.read(
        sql ->
            sql.select(TASK_EVENTS.TASK_ID, max(TASK_EVENTS.SEQ))
                .from(TASK_EVENTS)
                .where(TASK_EVENTS.TASK_ID.in(taskIds))
                .groupBy(TASK_EVENTS.TASK_ID)
                .fetchMap(Record2::value1, Record2::value2));
  }

  /**
   * What one step of pruning did.
   *
   * @param more false if there is nothing left to do
   */
  record Pruned(int events, boolean more) {}

  /**
   * Removes events of one task that finished before, but for the last, up to a batch. A task with
   * nothing left to remove is marked, so that it is never looked at again.
   */
  Pruned prune(Instant before, Instant now) {
    return database.write(
        tx -> tx.tryExclusive("prune events") ? prune(tx, before, now) : new Pruned(0, false));
  }

  private static Pruned prune(Tx tx, Instant before, Instant now) {
    Optional<String> task =
        tx.sql()
            .select(TASKS.ID)
            .from(TASKS)
            .where(TASKS.FINISHED_AT.lt(before))
            .and(TASKS.EVENTS_PRUNED_AT.isNull())
            .orderBy(TASKS.FINISHED_AT)
            .limit(1)
            .fetchOptional(TASKS.ID);
    if (task.isEmpty()) {
      return new Pruned(0, false);
    }
    Long last =
        tx.sql()
            .select(max(TASK_EVENTS.SEQ))
            .from(TASK_EVENTS)
            .where(TASK_EVENTS.TASK_ID.eq(task.get()))
            .fetchSingle()
            .value1();
    int removed =
        last == null
            ? 0
            : tx.sql()
                .deleteFrom(TASK_EVENTS)
                .where(TASK_EVENTS.TASK_ID.eq(task.get()))
                .and(
                    TASK_EVENTS.SEQ.in(
                        select(TASK_EVENTS.SEQ)
                            .from(TASK_EVENTS)
                            .where(TASK_EVENTS.TASK_ID.eq(task.get()))
                            .and(TASK_EVENTS.SEQ.lt(last))
                            .orderBy(TASK_EVENTS.SEQ)
                            .limit(PRUNE_BATCH)))
                .execute();
    if (removed < PRUNE_BATCH) {
      tx.sql()
          .update(TASKS)
          .set(TASKS.EVENTS_PRUNED_AT, now)
          .where(TASKS.ID.eq(task.get()))
          .and(TASKS.FINISHED_AT.lt(before))
          .execute();
    }
    return new Pruned(removed, true);
  }

  /** Removes all events of a task that goes itself. */
  void remove(Tx tx, String organizationId, String taskId) {
    tx.sql()
        .deleteFrom(TASK_EVENTS)
        .where(TASK_EVENTS.TASK_ID.eq(taskId))
        .and(TASK_EVENTS.ORGANIZATION_ID.eq(organizationId))
        .execute();
  }

  private static SelectConditionStep<Record5<Long, String, String, Instant, String>> events(
      DSLContext sql, String organizationId, String taskId) {
    return sql.select(
            TASK_EVENTS.SEQ,
            TASK_EVENTS.TASK_ID,
            TASK_EVENTS.TYPE,
            TASK_EVENTS.AT,
            TASK_EVENTS.DATA)
        .from(TASK_EVENTS)
        .where(TASK_EVENTS.TASK_ID.eq(taskId))
        .and(TASK_EVENTS.ORGANIZATION_ID.eq(organizationId));
  }

  private static Event event(Record5<Long, String, String, Instant, String> row) {
    return new Event(
        row.value1(), row.value2(), row.value3(), row.value4(), Json.read(row.value5()));
  }
}
