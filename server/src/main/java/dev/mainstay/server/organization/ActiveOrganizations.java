package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;

/** In which organizations sessions and keys act. */
public interface ActiveOrganizations {

  Optional<String> team(DSLContext sql, String sessionId);

  /** A session acts in this organization from now on. */
  void activate(Tx tx, String sessionId, String organizationId, Optional<String> teamId);

  /** Somebody is in an organization no more: their sessions act in their own, and keys end. */
  void leave(Tx tx, String organizationId, String userId, Instant now);

  /** As {@link #leave}, of everybody. */
  void leaveAll(Tx tx, String organizationId, Instant now);

  /**
   * Sessions have this team active no more.
   *
   * @param userId of one user alone
   */
  void leaveTeam(Tx tx, String teamId, Optional<String> userId);
}
