package dev.mainstay.server.audit;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
        log(
                "/api/admin/audit-log",
                Permission.INSTANCE_ADMIN,
                "What was done that matters for security, the newest first")
            .query("organizationId", "string", "In one organization")
            .pageOf(AuditEntryView.class)
            .handle(call -> page(call, call.query("organizationId"))),
        log("/api/audit-log", Permission.KEYS_MANAGE, "The same, of this organization")
            .pageOf(AuditEntryView.class)
            .handle(call -> page(call, Optional.of(call.principal().organizationId()))));
  }

  private static Endpoint.Builder<None> log(String path, Permission permission, String summary) {
    return Endpoint.get(path, permission, summary)
        .query("actorId", "string", "Of one user")
        .query("action", "string", "One kind of act")
        .query("from", "string", "Not before this time")
        .query("to", "string", "Before this time");
  }

  private Answer page(Call<None> call, Optional<String> organizationId) {
    AuditStore.Query query =
        new AuditStore.Query(
            organizationId,
            call.query("actorId"),
            call.query("action"),
            time(call, "from"),
            time(call, "to"),
            call.query("cursor"),
            call.limit());
    return Answer.json(
        query.filters()
            ? database.search(call.principal().organizationId(), sql -> store.page(sql, query))
            : database.read(sql -> store.page(sql, query)));
  }

  private static Optional<Instant> time(Call<None> call, String name) {
    try {
      return call.query(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw ProblemException.badRequest(name, "must be a time such as 2026-01-31T12:00:00Z");
    }
  }
}
