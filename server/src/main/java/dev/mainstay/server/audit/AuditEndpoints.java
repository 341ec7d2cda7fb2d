package dev.mainstay.server.audit;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.util.List;
import java.util.Optional;

/** The audit log over HTTP. */
public final class AuditEndpoints {
  private final Database database;
  private final AuditStore store = new AuditStore();

  public AuditEndpoints(Database database) {
    this.database = database;
  }

  public List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/admin/audit-log",
                Permission.INSTANCE_ADMIN,
                "What was done that matters for security, the newest first")
            .query("actorId", "string", "Of one user")
            .query("action", "string", "One kind of act")
            .pageOf(AuditEntryView.class)
            .handle(
                call ->
                    Answer.json(
                        database.read(
                            sql ->
                                store.page(
                                    sql,
                                    new AuditStore.Query(
                                        Optional.empty(),
                                        call.query("actorId"),
                                        call.query("action"),
                                        call.query("cursor"),
                                        call.limit()))))),
        Endpoint.get("/api/audit-log", Permission.KEYS_MANAGE, "The same, of this organization")
            .query("actorId", "string", "Of one user")
            .query("action", "string", "One kind of act")
            .pageOf(AuditEntryView.class)
            .handle(
                call ->
                    Answer.json(
                        database.read(
                            sql ->
                                store.page(
                                    sql,
                                    new AuditStore.Query(
                                        Optional.of(call.principal().organizationId()),
                                        call.query("actorId"),
                                        call.query("action"),
                                        call.query("cursor"),
                                        call.limit()))))));
  }
}
