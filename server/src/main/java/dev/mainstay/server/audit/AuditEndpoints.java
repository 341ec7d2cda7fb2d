package dev.mainstay.server.audit;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The audit log over HTTP. */
public final class AuditEndpoints {
  private final Database database;
  private final AuditStore store = new AuditStore();

  public AuditEndpoints(Database database) {
    this.database = database;
  }

  public List<Endpoint<?>> endpoints() {
    return List.of(
        log(
            "/api/admin/audit-log",
            Permission.INSTANCE_ADMIN,
            "What was done that matters for security, the newest first",
            call -> Optional.empty()),
        log(
            "/api/audit-log",
            Permission.KEYS_MANAGE,
            "The same, of this organization",
            call -> Optional.of(call.principal().organizationId())));
  }

  private Endpoint<?> log(
      String path,
      Permission permission,
      String summary,
      Function<Call<?>, Optional<String>> organization) {
    return Endpoint.get(path, permission, summary)
        .query("actorId", "string", "Of one user")
        .query("action", "string", "One kind of act")
        .pageOf(AuditEntryView.class)
        .handle(
            call -> {
              AuditStore.Query query =
                  new AuditStore.Query(
                      organization.apply(call),
                      call.query("actorId"),
                      call.query("action"),
                      call.query("cursor"),
                      call.limit());
              return Answer.json(database.read(sql -> store.page(sql, query)));
            });
  }
}
