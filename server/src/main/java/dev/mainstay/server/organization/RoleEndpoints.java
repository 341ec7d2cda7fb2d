package dev.mainstay.server.organization;

import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_ID;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of roles. */
final class RoleEndpoints {
  private static final String NAME = "[A-Za-z0-9]+([ ._-][A-Za-z0-9]+)*";
  private static final String NAME_RULE =
      "must be letters and digits, in parts with one space, -, _ or . between them";
  private static final int MAX_RESOURCES = 50;
  private static final int MAX_ACTIONS = 20;
  private static final int MAX_WORD = 50;

  private final RoleService roles;

  RoleEndpoints(RoleService roles) {
    this.roles = roles;
  }

  /**
   * A role to make.
   *
   * @param role its name, which is kept in lower case
   * @param permission actions by resource, such as {@code {"task": ["read"]}}
   */
  public record CreateRole(
      @NotNull @Size(max = Roles.MAX_NAME) @Pattern(regexp = NAME, message = NAME_RULE) String role,
      @NotNull @Size(max = MAX_RESOURCES)
          Map<
                  @Size(max = MAX_WORD) String,
                  @NotNull @Size(max = MAX_ACTIONS) List<@NotNull @Size(max = MAX_WORD) String>>
              permission,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** A role that was made. */
  public record CreatedRole(
      boolean success, RoleView roleData, Map<String, List<String>> statements) {}

  /** What to change; what is absent stays. */
  public record RoleChange(
      @Nullable @Size(max = MAX_RESOURCES)
          Map<
                  @Size(max = MAX_WORD) String,
                  @NotNull @Size(max = MAX_ACTIONS) List<@NotNull @Size(max = MAX_WORD) String>>
              permission,
      @Nullable @Size(max = Roles.MAX_NAME) @Pattern(regexp = NAME, message = NAME_RULE)
          String roleName) {}

  /** Changes a role, by its name or id. */
  public record UpdateRole(
      @Nullable @Size(max = Roles.MAX_NAME) String roleName,
      @Nullable @Size(max = MAX_ID) String roleId,
      @NotNull @Valid RoleChange data,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** A role that was changed. */
  public record UpdatedRole(boolean success, RoleView roleData) {}

  /** A role, by its name or id. */
  public record DeleteRole(
      @Nullable @Size(max = Roles.MAX_NAME) String roleName,
      @Nullable @Size(max = MAX_ID) String roleId,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** That it was done. */
  public record DeletedRole(boolean success) {}

  /**
   * What somebody wants to do.
   *
   * @param permissions actions by resource
   * @param permission the same, by its older name
   */
  public record HasPermission(
      @Nullable @Size(max = MAX_RESOURCES)
          Map<
                  @Size(max = MAX_WORD) String,
                  @NotNull @Size(max = MAX_ACTIONS) List<@NotNull @Size(max = MAX_WORD) String>>
              permissions,
      @Nullable @Size(max = MAX_RESOURCES)
          Map<
                  @Size(max = MAX_WORD) String,
                  @NotNull @Size(max = MAX_ACTIONS) List<@NotNull @Size(max = MAX_WORD) String>>
              permission,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /**
   * Whether somebody may.
   *
   * @param error always null
   */
  public record PermissionStatus(@JsonInclude @Nullable String error, boolean success) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/has-permission",
                Permission.ACCOUNT,
                "Whether I may do something in one of my organizations",
                HasPermission.class)
            .answers(200, PermissionStatus.class)
            .handle(this::hasPermission),
        Endpoint.post(
                "/api/auth/organization/create-role",
                Permission.ACCOUNT,
                "Make a role",
                CreateRole.class)
            .answers(200, CreatedRole.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  CreateRole body = call.body();
                  RoleView made =
                      RoleView.of(
                          roles.create(
                              caller,
                              caller.organization(body.organizationId()),
                              body.role(),
                              body.permission()));
                  return Answer.json(new CreatedRole(true, made, made.permission()));
                }),
        Endpoint.post(
                "/api/auth/organization/update-role",
                Permission.ACCOUNT,
                "Change a role that the organization has made",
                UpdateRole.class)
            .answers(200, UpdatedRole.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  UpdateRole body = call.body();
                  return Answer.json(
                      new UpdatedRole(
                          true,
                          RoleView.of(
                              roles.update(
                                  caller,
                                  caller.organization(body.organizationId()),
                                  name(body.roleName(), body.roleId()),
                                  body.data().permission(),
                                  body.data().roleName()))));
                }),
        Endpoint.post(
                "/api/auth/organization/delete-role",
                Permission.ACCOUNT,
                "Delete a role that nobody has",
                DeleteRole.class)
            .answers(200, DeletedRole.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  DeleteRole body = call.body();
                  roles.delete(
                      caller,
                      caller.organization(body.organizationId()),
                      name(body.roleName(), body.roleId()));
                  return Answer.json(new DeletedRole(true));
                }),
        Endpoint.get(
                "/api/auth/organization/list-roles",
                Permission.ACCOUNT,
                "The roles that one of my organizations has made")
            .query("organizationId", "string", "Its id; the active one if absent")
            .answersList(RoleView.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      roles.list(caller, caller.organization(call.query("organizationId"))).stream()
                          .map(RoleView::of)
                          .toList());
                }),
        Endpoint.get(
                "/api/auth/organization/get-role",
                Permission.ACCOUNT,
                "A role that one of my organizations has made")
            .query("roleName", "string", "Its name")
            .query("roleId", "string", "Its id, in the place of the name")
            .query("organizationId", "string", "The organization's id; the active one if absent")
            .answers(200, RoleView.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      RoleView.of(
                          roles.get(
                              caller,
                              caller.organization(call.query("organizationId")),
                              new RoleService.Name(call.query("roleName"), call.query("roleId")))));
                }));
  }

  private static RoleService.Name name(@Nullable String name, @Nullable String id) {
    return new RoleService.Name(Optional.ofNullable(name), Optional.ofNullable(id));
  }

  private Answer hasPermission(Call<HasPermission> call) {
    HasPermission body = call.body();
    if ((body.permissions() == null) == (body.permission() == null)) {
      throw ProblemException.badRequest("permissions", "is missing");
    }
    Map<String, List<String>> asked =
        Optional.ofNullable(body.permissions())
            .or(() -> Optional.ofNullable(body.permission()))
            .orElseThrow();
    Caller caller = Caller.of(call);
    return Answer.json(
        new PermissionStatus(
            null, roles.may(caller, caller.organization(body.organizationId()), asked)));
  }
}
