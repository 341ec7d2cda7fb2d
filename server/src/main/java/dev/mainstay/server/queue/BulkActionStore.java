package dev.mainstay.server.queue;

import static dev.mainstay.server.schema.Tables.BULK_ACTIONS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.BulkActionsRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Bulk actions. What a runner writes is conditional on its claim being the newest. */
final class BulkActionStore {
  private static final Condition UNFINISHED =
      BULK_ACTIONS.STATUS.in(BulkActionStatus.QUEUED.word(), BulkActionStatus.RUNNING.word());

  /** Counts the unfinished of a queue, which gets no others before the transaction ends. */
  int countUnfinished(Tx tx, QueueName queue) {
    tx.exclusive("bulk actions of " + queue.stored());
    return tx.sql().fetchCount(BULK_ACTIONS, of(queue).and(UNFINISHED));
  }

  void insert(Tx tx, BulkActionsRecord row) {
    tx.sql().insertInto(BULK_ACTIONS).set(row).execute();
  }

  /** Of a queue's finished ones the newest are kept. */
  void prune(Tx tx, QueueName queue, int kept) {
    tx.sql()
        .deleteFrom(BULK_ACTIONS)
        .where(of(queue))
        .and(UNFINISHED.not())
        .and(
            BULK_ACTIONS.ID.notIn(
                select(BULK_ACTIONS.ID)
                    .from(BULK_ACTIONS)
                    .where(of(queue))
                    .orderBy(BULK_ACTIONS.ID.desc())
                    .limit(kept)))
        .execute();
  }

  Optional<BulkActionsRecord> find(DSLContext sql, QueueName queue, String id) {
    return sql.selectFrom(BULK_ACTIONS)
        .where(of(queue))
        .and(BULK_ACTIONS.ID.eq(id))
        .fetchOptional();
  }

  /** Newest first, those before an id. */
  List<BulkActionsRecord> list(
      DSLContext sql, QueueName queue, Optional<String> before, int limit) {
    return sql.selectFrom(BULK_ACTIONS)
        .where(of(queue))
        .and(before.map(BULK_ACTIONS.ID::lt).orElseGet(org.jooq.impl.DSL::noCondition))
        .orderBy(BULK_ACTIONS.ID.desc())
        .limit(limit)
        .fetch();
  }

  /** Makes it this claim's, unless it is finished or a newer claim has it. */
  Optional<BulkActionsRecord> claim(Tx tx, String id, long token, Instant now) {
    int claimed =
        tx.sql()
            .update(BULK_ACTIONS)
            .set(BULK_ACTIONS.STATUS, BulkActionStatus.RUNNING.word())
            .set(
                BULK_ACTIONS.STARTED_AT,
                coalesce(BULK_ACTIONS.STARTED_AT, val(now, BULK_ACTIONS.STARTED_AT)))
            .set(BULK_ACTIONS.TOKEN, token)
            .where(BULK_ACTIONS.ID.eq(id))
            .and(BULK_ACTIONS.TOKEN.le(token))
            .and(UNFINISHED)
            .execute();
    return claimed == 0
        ? Optional.empty()
        : tx.sql().selectFrom(BULK_ACTIONS).where(BULK_ACTIONS.ID.eq(id)).fetchOptional();
  }

  /**
   * Writes how far it is.
   *
   * @return false if it was canceled, or another claim has it
   */
  boolean save(Tx tx, BulkActionsRecord row) {
    return tx.sql()
            .update(BULK_ACTIONS)
            .set(BULK_ACTIONS.TOTAL, row.getTotal())
            .set(BULK_ACTIONS.SCANNED, row.getScanned())
            .set(BULK_ACTIONS.CHANGED, row.getChanged())
            .set(BULK_ACTIONS.SKIPPED, row.getSkipped())
            .set(BULK_ACTIONS.PLACE, row.getPlace())
            .set(BULK_ACTIONS.STATUS, row.getStatus())
            .set(BULK_ACTIONS.ERROR, row.getError())
            .set(BULK_ACTIONS.FINISHED_AT, row.getFinishedAt())
            .where(BULK_ACTIONS.ID.eq(row.getId()))
            .and(BULK_ACTIONS.TOKEN.eq(row.getToken()))
            .and(BULK_ACTIONS.STATUS.eq(BulkActionStatus.RUNNING.word()))
            .execute()
        > 0;
  }

  /**
   * @return false if it is finished, or not there
   */
  boolean cancel(Tx tx, QueueName queue, String id, Instant now) {
    return tx.sql()
            .update(BULK_ACTIONS)
            .set(BULK_ACTIONS.STATUS, BulkActionStatus.CANCELED.word())
            .set(BULK_ACTIONS.FINISHED_AT, now)
            .where(of(queue))
            .and(BULK_ACTIONS.ID.eq(id))
            .and(UNFINISHED)
            .execute()
        > 0;
  }

  private static Condition of(QueueName queue) {
    return BULK_ACTIONS
        .ORGANIZATION_ID
        .eq(queue.organizationId())
        .and(BULK_ACTIONS.QUEUE.eq(queue.name()));
  }
}
