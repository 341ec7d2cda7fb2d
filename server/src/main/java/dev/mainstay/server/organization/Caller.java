package dev.mainstay.server.organization;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param active the organization in which their session acts
 */
record Caller(String userId, String sessionId, String active, Client client) {

  static Caller of(Call<?> call) {
    var principal = call.principal();
    return new Caller(
        principal.userId(), principal.credentialId(), principal.organizationId(), Client.of(call));
  }

  /** The organization that was named, or the active one. */
  String organization(@Nullable String named) {
    return organization(Optional.ofNullable(named));
  }

  String organization(Optional<String> named) {
    return named.filter(id -> !id.isEmpty()).orElse(active);
  }

  AuditLog.Act act(String action, String organizationId) {
    return AuditLog.Act.of(action, userId, client).in(organizationId);
  }
}
