package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Authenticator;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.platform.http.SessionCookie;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Better Auth's plugin {@code admin}, for whoever runs the instance. */
final class AdminEndpoints {
  private static final int MAX_ID = 100;

  /** The plugin's statements; an administrator may do all of them, others none. */
  private static final Map<String, Set<String>> STATEMENTS =
      Map.of(
          "user",
          Set.of(
              "create",
              "list",
              "set-role",
              "ban",
              "impersonate",
              "delete",
              "set-password",
              "set-email",
              "get",
              "update"),
          "session",
          Set.of("list", "revoke", "delete"));

  private final Administration administration;
  private final Sessions sessions;
  private final Authenticator authenticator;
  private final SessionCookie session;
  private final SessionCookie own;

  AdminEndpoints(
      Administration administration,
      Sessions sessions,
      Authenticator authenticator,
      SessionCookie session) {
    this.administration = administration;
    this.sessions = sessions;
    this.authenticator = authenticator;
    this.session = session;
    this.own = session.beside("admin");
  }

  /** A role in the instance. */
  public enum Role {
    @JsonProperty("user")
    USER(User.USER),
    @JsonProperty("admin")
    ADMIN(User.ADMIN);

    private final String id;

    Role(String id) {
      this.id = id;
    }
  }

  /** A user. */
  public record UserId(@NotBlank @Size(max = MAX_ID) String userId) {}

  /** A user and a role. */
  public record SetRole(@NotBlank @Size(max = MAX_ID) String userId, @NotNull Role role) {}

  /**
   * A user to make.
   *
   * @param password none if absent: they sign in by mail, or set one
   * @param role user if absent
   */
  public record CreateUser(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @Nullable @Size(max = PasswordRules.MAX_INPUT) String password,
      @NotNull @Size(max = Profile.MAX_NAME) String name,
      @Nullable Role role,
      @Nullable @Valid NewUserData data) {}

  /** More of a user to make. */
  public record NewUserData(@Nullable @Size(max = Profile.MAX_IMAGE) String image) {}

  /** What to change of a user. */
  public record UpdateUser(
      @NotBlank @Size(max = MAX_ID) String userId, @NotNull @Valid UserData data) {}

  /**
   * What is absent stays.
   *
   * @param emailVerified true vouches for the account as it is, with its password, sessions, keys
   *     and passkeys: nothing is taken away, as it would be when the user proves the address
   * @param password is not changed here
   */
  public record UserData(
      @Nullable @Size(max = Profile.MAX_NAME) String name,
      @Nullable @Size(max = Profile.MAX_IMAGE) String image,
      @Nullable @Size(max = EmailAddress.MAX_LENGTH) String email,
      @Nullable Boolean emailVerified,
      @Nullable @Size(max = PasswordRules.MAX_INPUT) String password) {}

  /**
   * Shuts somebody out.
   *
   * @param banExpiresIn seconds; no end if absent
   */
  public record Ban(
      @NotBlank @Size(max = MAX_ID) String userId,
      @Nullable @Size(max = 500) String banReason,
      @Nullable @Min(1) @Max(3_153_600_000L) Long banExpiresIn) {}

  /** A session to end. */
  public record SessionToken(@NotBlank @Size(max = 200) String sessionToken) {}

  /** A password to set. */
  public record SetPassword(
      @NotBlank @Size(max = MAX_ID) String userId,
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String newPassword) {}

  /**
   * What is asked about.
   *
   * @param userId means nothing: the caller is asked about
   * @param role means nothing, as {@code userId}
   */
  public record HasPermission(
      @Nullable @Size(max = MAX_ID) String userId,
      @Nullable @Size(max = MAX_ID) String role,
      @NotNull @Size(max = 20)
          Map<@Size(max = 50) String, @Size(max = 50) List<@Size(max = 50) String>> permissions) {}

  /** Whether. */
  public record Permitted(@Nullable @JsonInclude String error, boolean success) {}

  /** A user. */
  public record OneUser(UserView user) {}

  /**
   * A page of users.
   *
   * @param limit as it was asked for
   * @param offset as it was asked for, unless it is 0
   */
  public record Users(
      List<UserView> users, int total, @Nullable Integer limit, @Nullable Integer offset) {}

  /** The sessions of a user. */
  public record UserSessions(List<SessionView> sessions) {}

  /** A session, and whose it is. */
  public record SessionOfUser(SessionView session, UserView user) {}

  private static String path(String name) {
    return "/api/auth/admin/" + name;
  }

  private static <B> Endpoint.Builder<B> post(String name, String summary, Class<B> body) {
    return Endpoint.post(path(name), Permission.INSTANCE_ADMIN, summary, body);
  }

  /** What moves somebody's account, makes it stronger or ends it. */
  private static <B> Endpoint.Builder<B> act(String name, String summary, Class<B> body) {
    return post(name, summary, body).stepUp(Endpoint.StepUp.FRESH_SESSION);
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(path("list-users"), Permission.INSTANCE_ADMIN, "List users")
            .query("searchValue", "string", "A part of the address or name")
            .query("searchField", "string", "email or name")
            .query("searchOperator", "string", "contains, starts_with or ends_with")
            .query("limit", "integer", "1 to 200; default 100")
            .query("offset", "integer", "How many to pass over")
            .query("sortBy", "string", "A field, id by default")
            .query("sortDirection", "string", "asc or desc")
            .query("filterField", "string", "A field")
            .query("filterValue", "string", "What it is compared with")
            .query("filterOperator", "string", "eq, ne, lt, lte, gt, gte, contains, …")
            .answers(200, Users.class)
            .handle(this::list),
        Endpoint.get(path("get-user"), Permission.INSTANCE_ADMIN, "A user")
            .query("id", "string", "The user's id")
            .answers(200, UserView.class)
            .handle(call -> Answer.json(UserView.of(administration.get(call.required("id"))))),
        act("create-user", "Make a user", CreateUser.class)
            .answers(200, OneUser.class)
            .handle(this::create),
        act(
                "update-user",
                "Change a user; emailVerified vouches for the account as it is",
                UpdateUser.class)
            .answers(200, UserView.class)
            .handle(this::update),
        act("set-role", "Make somebody an administrator, or not", SetRole.class)
            .answers(200, OneUser.class)
            .handle(
                call ->
                    one(
                        administration.setRole(
                            call.principal(),
                            call.body().userId(),
                            call.body().role().id,
                            Client.of(call)))),
        act("ban-user", "Shut somebody out", Ban.class)
            .answers(200, OneUser.class)
            .handle(
                call ->
                    one(
                        administration.ban(
                            call.principal(),
                            call.body().userId(),
                            Optional.ofNullable(call.body().banReason()),
                            Optional.ofNullable(call.body().banExpiresIn())
                                .map(Duration::ofSeconds),
                            Client.of(call)))),
        act("unban-user", "Let somebody in again", UserId.class)
            .answers(200, OneUser.class)
            .handle(
                call ->
                    one(
                        administration.unban(
                            call.principal(), call.body().userId(), Client.of(call)))),
        post("list-user-sessions", "List a user's sessions", UserId.class)
            .answers(200, UserSessions.class)
            .handle(call -> Answer.json(new UserSessions(sessions.of(call.body().userId())))),
        act("revoke-user-session", "End a session", SessionToken.class)
            .answers(200, Done.class)
            .handle(
                call -> {
                  administration.endSession(
                      call.principal(), call.body().sessionToken(), Client.of(call));
                  return Answer.json(Done.SUCCESS);
                }),
        act("revoke-user-sessions", "End all sessions of a user", UserId.class)
            .answers(200, Done.class)
            .handle(
                call -> {
                  administration.endSessions(
                      call.principal(), call.body().userId(), Client.of(call));
                  return Answer.json(Done.SUCCESS);
                }),
        act("remove-user", "Delete a user", UserId.class)
            .answers(200, Done.class)
            .handle(
                call -> {
                  administration.remove(call.principal(), call.body().userId(), Client.of(call));
                  return Answer.json(Done.SUCCESS);
                }),
        act("set-user-password", "Give a user another password", SetPassword.class)
            .answers(200, Done.class)
            .handle(
                call -> {
                  administration.setPassword(
                      call.principal(),
                      call.body().userId(),
                      call.body().newPassword(),
                      Client.of(call));
                  return Answer.json(Done.STATUS);
                }),
        act("impersonate-user", "Act in somebody's name, for an hour", UserId.class)
            .answers(200, SessionOfUser.class)
            .handle(this::impersonate),
        Endpoint.post(path("stop-impersonating"), Permission.ANYONE, "Act in my own name again")
            .answers(200, SessionOfUser.class)
            .handle(this::stop),
        Endpoint.post(
                path("has-permission"),
                Permission.SESSION,
                "Whether I may do what administrators do",
                HasPermission.class)
            .answers(200, Permitted.class)
            .handle(call -> Answer.json(new Permitted(null, isPermitted(call)))));
  }

  private static Answer one(User user) {
    return Answer.json(new OneUser(UserView.of(user)));
  }

  private Answer list(Call<None> call) {
    UserQueryStore.UserQuery query = UserQueryStore.of(call);
    Administration.Found found = administration.list(query);
    return Answer.json(
        new Users(
            found.users().stream().map(UserView::of).toList(),
            found.total(),
            call.query("limit").map(text -> query.limit()).orElse(null),
            query.offset() == 0 ? null : query.offset()));
  }

  private Answer create(Call<CreateUser> call) {
    CreateUser body = call.body();
    @Nullable NewUserData data = body.data();
    return one(
        administration.create(
            call.principal(),
            new Administration.NewUser(
                EmailAddress.parse(body.email()),
                Optional.ofNullable(body.password()),
                body.name(),
                body.role() == null ? User.USER : body.role().id,
                Profile.picture(data == null ? null : data.image())),
            Client.of(call)));
  }

  private Answer update(Call<UpdateUser> call) {
    UserData data = call.body().data();
    if (data.equals(new UserData(null, null, null, null, null))) {
      throw PasswordRules.invalid("no-data-to-update", "No data to update");
    }
    if (data.password() != null) {
      throw PasswordRules.invalid(
          "password-cannot-be-updated-via-update-user",
          "Password cannot be updated through update-user. Use the set-user-password endpoint instead");
    }
    Administration.Changes changes =
        new Administration.Changes(
            Optional.ofNullable(data.name()),
            Optional.ofNullable(Profile.picture(data.image())),
            Optional.ofNullable(data.email()).map(EmailAddress::parse),
            Optional.ofNullable(data.emailVerified()));
    return Answer.json(
        UserView.of(
            administration.update(
                call.principal(), call.body().userId(), changes, Client.of(call))));
  }

  private Answer impersonate(Call<UserId> call) {
    Principal admin = call.principal();
    String token =
        session
            .read(call)
            .filter(text -> admin.kind() == Principal.Kind.SESSION)
            .orElseThrow(
                () -> ProblemException.forbidden("This needs a session that the user has opened"));
    Administration.Impersonation made =
        administration.impersonate(admin, call.body().userId(), Client.of(call));
    return Answer.json(
            new SessionOfUser(
                SessionView.of(made.session().session(), made.session().session().id()),
                UserView.of(made.user())))
        .header("Set-Cookie", session.set(made.session().token(), Optional.empty()))
        .header("Set-Cookie", own.set(token, Optional.empty()));
  }

  /** The administrator's own cookie is enough: the session in somebody's name may have ended. */
  private Answer stop(Call<None> call) {
    Optional<Principal> caller = call.caller();
    Optional<Principal> impersonating = caller.filter(one -> !one.actorId().equals(one.userId()));
    if (caller.isPresent() && impersonating.isEmpty()) {
      throw PasswordRules.invalid("not-impersonating", "You are not impersonating anyone");
    }
    String token = own.read(call).orElseThrow(ProblemException::unauthorized);
    Principal admin =
        authenticator
            .authenticate(token, true)
            .filter(one -> one.kind() == Principal.Kind.SESSION)
            .filter(one -> impersonating.isEmpty() || isOf(one, impersonating.get()))
            .orElseThrow(ProblemException::unauthorized);
    Session back = sessions.current(admin).orElseThrow(ProblemException::unauthorized);
    impersonating.ifPresent(one -> administration.stopImpersonating(one, Client.of(call)));
    return Answer.json(
            new SessionOfUser(
                SessionView.of(back, back.id()), UserView.of(administration.get(back.userId()))))
        .header("Set-Cookie", session.set(token, sessions.cookieLife(back)))
        .header("Set-Cookie", own.clear());
  }

  private static boolean isOf(Principal admin, Principal impersonating) {
    return admin.userId().equals(impersonating.actorId());
  }

  private static boolean isPermitted(Call<HasPermission> call) {
    return call.principal().may(Permission.INSTANCE_ADMIN)
        && call.body().permissions().entrySet().stream()
            .allMatch(
                wanted ->
                    STATEMENTS
                        .getOrDefault(wanted.getKey(), Set.of())
                        .containsAll(wanted.getValue()));
  }
}
