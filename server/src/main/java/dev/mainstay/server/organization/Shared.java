package dev.mainstay.server.organization;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.time.InstantSource;

/** What everything that is done to organizations needs. */
record Shared(
    Database database,
    InstantSource clock,
    Users users,
    ActiveOrganizations active,
    AuditLog audit) {

  Instant now() {
    return clock.instant();
  }

  /** Who asks, whom nobody else changes or deletes before this transaction ends. */
  Users.Person lock(Tx tx, Caller caller) {
    return users.lock(tx, caller.userId()).orElseThrow(ProblemException::unauthorized);
  }
}
