package dev.mainstay.server.audit;

import static dev.mainstay.server.schema.Tables.AUDIT_LOG;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.schema.tables.records.AuditLogRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** The table of the audit log. */
final class AuditStore {
  /** Stands in the place of an address that was erased. */
  private static final String FORGOTTEN = "(erased)";

  static final int PRUNE_BATCH = 500;

  void insert(Tx tx, String id, AuditLog.Act act, Instant now) {
    tx.sql()
        .insertInto(AUDIT_LOG)
        .set(AUDIT_LOG.ID, id)
        .set(AUDIT_LOG.ORGANIZATION_ID, act.organizationId().orElse(null))
        .set(AUDIT_LOG.ACTOR_ID, act.actorId())
        .set(AUDIT_LOG.ACTION, act.action())
        .set(AUDIT_LOG.TARGET_TYPE, act.targetType().orElse(null))
        .set(AUDIT_LOG.TARGET_ID, act.targetId().orElse(null))
        .set(AUDIT_LOG.IP_ADDRESS, act.client().ipAddress())
        .set(AUDIT_LOG.USER_AGENT, act.client().userAgent())
        .set(AUDIT_LOG.DETAILS, act.detail().orElse(null))
        .set(AUDIT_LOG.CREATED_AT, now)
        .execute();
  }

  /**
   * Which acts.
   *
   * @param from not before then
   * @param to before then
   */
  record Query(
      Optional<String> organizationId,
      Optional<String> actorId,
      Optional<String> action,
      Optional<Instant> from,
      Optional<Instant> to,
      Optional<String> before,
      int limit) {

    /** True if much may have to be looked at for a few entries. */
    boolean filters() {
      return actorId.isPresent() || action.isPresent() || from.isPresent() || to.isPresent();
    }
  }

  /** The newest first. */
  Page<AuditEntryView> page(DSLContext sql, Query query) {
    Condition condition =
        query
            .organizationId()
            .map(AUDIT_LOG.ORGANIZATION_ID::eq)
            .orElse(DSL.noCondition())
            .and(query.actorId().map(AUDIT_LOG.ACTOR_ID::eq).orElse(DSL.noCondition()))
            .and(query.action().map(AUDIT_LOG.ACTION::eq).orElse(DSL.noCondition()))
            .and(query.from().map(AUDIT_LOG.CREATED_AT::ge).orElse(DSL.noCondition()))
            .and(query.to().map(AUDIT_LOG.CREATED_AT::lt).orElse(DSL.noCondition()))
            .and(query.before().map(AUDIT_LOG.ID::lt).orElse(DSL.noCondition()));
    List<AuditLogRecord> rows =
        sql.selectFrom(AUDIT_LOG)
            .where(condition)
            .orderBy(AUDIT_LOG.ID.desc())
            .limit(query.limit() + 1)
            .fetch();
    return Page.of(rows, query.limit(), AuditStore::view, AuditLogRecord::getId);
  }

  /** An address is in no entry any more; the entries stay. */
  void forget(Tx tx, String email) {
    tx.sql()
        .update(AUDIT_LOG)
        .set(AUDIT_LOG.DETAILS, DSL.replace(AUDIT_LOG.DETAILS, email, FORGOTTEN))
        .where(DSL.position(AUDIT_LOG.DETAILS, email).gt(0))
        .execute();
  }

  /**
   * Removes the oldest, some at a time: ids grow with time, so that the oldest are found by them.
   *
   * @return how many were removed
   */
  int prune(Tx tx, Instant before) {
    List<String> old =
        tx
            .sql()
            .select(AUDIT_LOG.ID, AUDIT_LOG.CREATED_AT)
            .from(AUDIT_LOG)
            .orderBy(AUDIT_LOG.ID)
            .limit(PRUNE_BATCH)
            .fetch()
            .stream()
            .filter(row -> row.value2().isBefore(before))
            .map(Record2::value1)
            .toList();
    return old.isEmpty() ? 0 : tx.sql().deleteFrom(AUDIT_LOG).where(AUDIT_LOG.ID.in(old)).execute();
  }

  private static AuditEntryView view(AuditLogRecord row) {
    return new AuditEntryView(
        row.getId(),
        row.getOrganizationId(),
        row.getActorId(),
        row.getAction(),
        row.getTargetType(),
        row.getTargetId(),
        row.getIpAddress(),
        row.getUserAgent(),
        row.getDetails(),
        row.getCreatedAt());
  }
}
