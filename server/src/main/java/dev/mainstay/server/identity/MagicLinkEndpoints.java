package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's plugin {@code magic-link}. */
final class MagicLinkEndpoints {
  private final MagicLinks links;
  private final CredentialLimits limits;
  private final Cookies cookies;
  private final Origins origins;

  MagicLinkEndpoints(MagicLinks links, CredentialLimits limits, Cookies cookies, Origins origins) {
    this.links = links;
    this.limits = limits;
    this.cookies = cookies;
    this.origins = origins;
  }

  /**
   * Asks for a link.
   *
   * @param name of a new user
   * @param newUserCallbackURL where a new user goes; as others if absent
   * @param errorCallbackURL where somebody goes whose link is not valid; as others if absent
   * @param metadata means nothing here
   */
  public record SendLink(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @Nullable @Size(max = Profile.MAX_NAME) String name,
      @Nullable @Size(max = 2000) String callbackURL,
      @Nullable @Size(max = 2000) String newUserCallbackURL,
      @Nullable @Size(max = 2000) String errorCallbackURL,
      @Nullable @Size(max = 20) Map<String, Object> metadata) {}

  /** Who has come in by a link. */
  public record Entered(String token, UserView user, SessionView session) {
    static Entered of(Entrance.Opened in) {
      Session session = in.session().session();
      return new Entered(
          session.id(), UserView.of(in.user()), SessionView.of(session, session.id()));
    }
  }

  /** The token of a link, and what else stood in it. */
  public record EnterByLink(
      @NotBlank @Size(max = 200) String token,
      @Nullable @Size(max = 2000) String callbackURL,
      @Nullable @Size(max = 2000) String newUserCallbackURL) {}

  /**
   * Who has come in by a link.
   *
   * @param url where they go
   */
  public record Arrived(String token, UserView user, SessionView session, String url) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/sign-in/magic-link",
                Permission.PUBLIC,
                "Send a link that signs in",
                SendLink.class)
            .answers(200, Done.class)
            .handle(this::send),
        Endpoint.get("/api/auth/magic-link/verify", Permission.PUBLIC, "Sign in by a link")
            .query("token", "string", "The link's token")
            .query("callbackURL", "string", "Where to go then")
            .query("newUserCallbackURL", "string", "Where a new user goes")
            .query("errorCallbackURL", "string", "Where to go with a link that is not valid")
            .answersRedirectOr(Entered.class)
            .orAnswers(TwoFactorView.class)
            .fromElsewhere()
            .changes("signs in whoever has the token, as Better Auth's client asks for it")
            .handle(this::enter),
        Endpoint.post(
                "/api/auth/magic-link/verify",
                Permission.PUBLIC,
                "Sign in by the token of a link",
                EnterByLink.class)
            .answers(200, Arrived.class)
            .orAnswers(TwoFactorView.class)
            .handle(this::press));
  }

  private Optional<String> target(@Nullable String url, String what) {
    return origins.target(Optional.ofNullable(url), what);
  }

  private Answer send(Call<SendLink> call) {
    SendLink body = call.body();
    String email = EmailAddress.parse("email", body.email());
    MagicLinks.Targets targets =
        new MagicLinks.Targets(
            target(body.callbackURL(), "callbackURL").orElse("/"),
            target(body.newUserCallbackURL(), "newUserCallbackURL"),
            target(body.errorCallbackURL(), "errorCallbackURL"));
    limits.mail(call, email);
    links.send(email, Optional.ofNullable(body.name()), targets);
    return Answer.json(Done.STATUS);
  }

  private Answer enter(Call<None> call) {
    String token = call.required("token");
    Optional<String> callback = origins.target(call.query("callbackURL"), "callbackURL");
    String newUser =
        origins
            .target(call.query("newUserCallbackURL"), "newUserCallbackURL")
            .or(() -> callback)
            .orElse("/");
    String error =
        origins
            .target(call.query("errorCallbackURL"), "errorCallbackURL")
            .or(() -> callback)
            .orElse("/sign-in");
    limits.signIn(call);
    try {
      Optional<MagicLinks.Arrival> arrival =
          links.enter(token, cookies.entry(call, "magic-link", true), cookies.proof(call));
      if (arrival.isEmpty()) {
        return failed(error, "INVALID_TOKEN");
      }
      return switch (arrival.get().entrance()) {
        case Entrance.Challenged asked -> challenged(call, asked, callback);
        case Entrance.Opened in ->
            callback.isEmpty()
                ? cookies.with(call, in, Entered.of(in))
                : cookies.redirect(
                    call, in, origins.whole(arrival.get().isNew() ? newUser : callback.get()));
      };
    } catch (ProblemException e) {
      return failed(error, e.problem().code());
    }
  }

  private Answer press(Call<EnterByLink> call) {
    EnterByLink body = call.body();
    String callback = target(body.callbackURL(), "callbackURL").orElse("/");
    String newUser = target(body.newUserCallbackURL(), "newUserCallbackURL").orElse(callback);
    limits.signIn(call);
    MagicLinks.Arrival arrival =
        links
            .enter(body.token(), cookies.entry(call, "magic-link", true), cookies.proof(call))
            .orElseThrow(
                () -> ProblemException.of("invalid-token", "Link not valid", 401, "Invalid token"));
    return switch (arrival.entrance()) {
      case Entrance.Challenged asked -> cookies.challenged(call, asked);
      case Entrance.Opened in -> {
        Entered entered = Entered.of(in);
        yield cookies.with(
            call,
            in,
            new Arrived(
                entered.token(),
                entered.user(),
                entered.session(),
                origins.whole(arrival.isNew() ? newUser : callback)));
      }
    };
  }

  private Answer challenged(Call<None> call, Entrance.Challenged asked, Optional<String> callback) {
    if (callback.isEmpty()) {
      return cookies.challenged(call, asked);
    }
    return cookies.challengedRedirect(call, asked, origins.whole(asked.page(callback.get())));
  }

  private Answer failed(String target, String code) {
    return Answer.redirect(Urls.with(origins.whole(target), "error", code));
  }
}
