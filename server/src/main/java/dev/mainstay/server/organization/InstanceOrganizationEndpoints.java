package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import java.util.List;
import java.util.Optional;

/** All organizations, for whoever runs the instance; Better Auth does not have it. */
final class InstanceOrganizationEndpoints {
  private static final int MAX_ID = 100;
  private static final int MAX_SEARCH = 100;

  private final Database database;
  private final InstanceOrganizationStore store = new InstanceOrganizationStore();

  InstanceOrganizationEndpoints(Database database) {
    this.database = database;
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/admin/organizations",
                Permission.INSTANCE_ADMIN,
                "List the instance's organizations, the newest first")
            .query("q", "string", "A part of the name or slug")
            .query("userId", "string", "Those that this user is in")
            .pageOf(InstanceOrganizationView.class)
            .handle(this::list));
  }

  private Answer list(Call<None> call) {
    InstanceOrganizationStore.Query query =
        new InstanceOrganizationStore.Query(
            parameter(call, "q", MAX_SEARCH),
            parameter(call, "userId", MAX_ID),
            call.query("cursor"),
            call.limit());
    return Answer.json(database.read(sql -> store.page(sql, query)));
  }

  private static Optional<String> parameter(Call<None> call, String name, int max) {
    Optional<String> value = call.query(name).filter(text -> !text.isEmpty());
    if (value.filter(text -> text.length() > max).isPresent()) {
      throw ProblemException.badRequest(name, "must have " + max + " characters at most");
    }
    return value;
  }
}
