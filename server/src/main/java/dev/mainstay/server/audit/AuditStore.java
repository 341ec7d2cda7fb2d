package dev.mainstay.server.audit;

import static dev.mainstay.server.schema.Tables.AUDIT_LOG;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;

/** The table of the audit log. */
final class AuditStore {

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
}
