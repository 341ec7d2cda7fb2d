package dev.mainstay.server.identity;

import dev.mainstay.server.organization.ActiveOrganizations;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;

/** The organizations in which sessions and keys act. */
final class CredentialOrganizations implements ActiveOrganizations {
  private final SessionStore sessions;
  private final KeyStore keys;

  CredentialOrganizations(SessionStore sessions, KeyStore keys) {
    this.sessions = sessions;
    this.keys = keys;
  }

  @Override
  public Optional<String> team(DSLContext sql, String sessionId) {
    return sessions.team(sql, sessionId);
  }

  @Override
  public void activate(Tx tx, String sessionId, String organizationId, Optional<String> teamId) {
    sessions.activate(tx, sessionId, organizationId, teamId);
  }

  @Override
  public void leave(Tx tx, String organizationId, String userId, Instant now) {
    leave(tx, organizationId, Optional.of(userId), now);
  }

  @Override
  public void leaveAll(Tx tx, String organizationId, Instant now) {
    leave(tx, organizationId, Optional.empty(), now);
  }

  private void leave(Tx tx, String organizationId, Optional<String> userId, Instant now) {
    sessions.leave(tx, organizationId, userId);
    keys.revokeAll(tx, organizationId, userId, now);
  }

  @Override
  public void leaveTeam(Tx tx, String teamId, Optional<String> userId) {
    sessions.leaveTeam(tx, teamId, userId);
  }
}
