package dev.mainstay.server.organization;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

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

  /** Who asks. */
  Users.Person person(DSLContext sql, Caller caller) {
    return users.byId(sql, caller.userId()).orElseThrow(ProblemException::unauthorized);
  }

  /** Who members are, by their ids as users. */
  Map<String, Users.Person> people(DSLContext sql, List<Member> members) {
    return users.byIds(sql, members.stream().map(Member::userId).collect(Collectors.toSet()));
  }

  /** Who asks, whom nobody else changes or deletes before this transaction ends. */
  Users.Person lock(Tx tx, Caller caller) {
    return users.lock(tx, caller.userId()).orElseThrow(ProblemException::unauthorized);
  }
}
