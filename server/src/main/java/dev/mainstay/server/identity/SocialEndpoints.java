package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.ProviderException;
import dev.mainstay.server.identity.social.ProviderUrls;
import dev.mainstay.server.identity.social.Providers;
import dev.mainstay.server.identity.social.SocialProvider;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.SessionCookie;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Better Auth's endpoints by which somebody sets out to a provider, and who they can go to. */
final class SocialEndpoints {
  private static final Logger log = LoggerFactory.getLogger(SocialEndpoints.class);
  private static final int MAX_URL = 2000;
  private static final int MAX_PARAMETER = 500;
  private static final int MAX_NAME = 50;

  /** What the server itself says in an authorization request, or what would say it elsewhere. */
  private static final Set<String> RESERVED =
      Set.of(
          "state",
          "client_id",
          "redirect_uri",
          "response_type",
          "response_mode",
          "code_challenge",
          "code_challenge_method",
          "nonce",
          "scope",
          "request",
          "request_uri");

  private final Providers providers;
  private final SocialStates states;
  private final SocialCallback callback;
  private final CredentialLimits limits;
  private final Origins origins;
  private final SessionCookie cookie;

  SocialEndpoints(
      SocialSignIn signIn,
      SocialStates states,
      Providers providers,
      CredentialLimits limits,
      Cookies cookies,
      Origins origins,
      SessionCookie cookie) {
    this.providers = providers;
    this.states = states;
    this.limits = limits;
    this.origins = origins;
    this.cookie = cookie.beside("oauth");
    this.callback =
        new SocialCallback(signIn, states, providers, limits, cookies, origins, this.cookie);
  }

  /**
   * An ID token that a page has got by itself.
   *
   * @param user means nothing
   */
  public record IdToken(
      @NotNull @Size(max = 10_000) String token,
      @Nullable @Size(max = MAX_PARAMETER) String nonce,
      @Nullable @Size(max = 10_000) String accessToken,
      @Nullable @Size(max = 10_000) String refreshToken,
      @Nullable Long expiresAt,
      @Nullable @Size(max = 20) Map<String, Object> user) {
    @Override
    public String toString() {
      return "IdToken[…]";
    }
  }

  /**
   * Signs in at a provider.
   *
   * @param provider its id
   * @param callbackURL where to go then; {@code /} if absent
   * @param newUserCallbackURL where a new user goes; as others if absent
   * @param errorCallbackURL where to go if it fails, with {@code error}; the sign-in page if absent
   * @param disableRedirect leaves out the header {@code Location}
   * @param idToken is not taken: nothing says who has got it
   * @param scopes beside those that are always asked for
   * @param requestSignUp means nothing: whoever may sign up does
   * @param loginHint who is to sign in, for the provider's page
   * @param additionalParams more of the authorization request
   * @param additionalData means nothing here
   */
  public record SocialSignInRequest(
      @NotBlank @Size(max = MAX_NAME) String provider,
      @Nullable @Size(max = MAX_URL) String callbackURL,
      @Nullable @Size(max = MAX_URL) String newUserCallbackURL,
      @Nullable @Size(max = MAX_URL) String errorCallbackURL,
      @Nullable Boolean disableRedirect,
      @Nullable IdToken idToken,
      @Nullable @Size(max = 20) List<@NotNull String> scopes,
      @Nullable Boolean requestSignUp,
      @Nullable @Size(max = 320) String loginHint,
      @Nullable @Size(max = 20)
          Map<String, @NotNull @Size(max = MAX_PARAMETER) String> additionalParams,
      @Nullable @Size(max = 20) Map<String, Object> additionalData) {}

  /**
   * Links an account at a provider; the members are those of a sign-in.
   *
   * @param provider its id
   */
  public record LinkRequest(
      @NotBlank @Size(max = MAX_NAME) String provider,
      @Nullable @Size(max = MAX_URL) String callbackURL,
      @Nullable @Size(max = MAX_URL) String errorCallbackURL,
      @Nullable Boolean disableRedirect,
      @Nullable IdToken idToken,
      @Nullable @Size(max = 20) List<@NotNull String> scopes,
      @Nullable Boolean requestSignUp,
      @Nullable @Size(max = 320) String loginHint,
      @Nullable @Size(max = 20)
          Map<String, @NotNull @Size(max = MAX_PARAMETER) String> additionalParams,
      @Nullable @Size(max = 20) Map<String, Object> additionalData) {}

  /**
   * Where to go.
   *
   * @param redirect whether the caller should go there by itself
   */
  public record Departed(String url, boolean redirect) {}

  /** A provider at which people can sign in. */
  public record ProviderView(String id, String name) {
    static ProviderView of(SocialProvider provider) {
      return new ProviderView(provider.id(), provider.name());
    }
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/auth/providers", Permission.PUBLIC, "The providers at which one can sign in")
            .answersList(ProviderView.class)
            .handle(call -> Answer.json(providers.all().stream().map(ProviderView::of).toList())),
        Endpoint.post(
                "/api/auth/sign-in/social",
                Permission.PUBLIC,
                "Sign in at a provider",
                SocialSignInRequest.class)
            .answers(200, Departed.class)
            .handle(this::signIn),
        Endpoint.post(
                "/api/auth/link-social",
                Permission.ACCOUNT,
                "Link my account at a provider",
                LinkRequest.class)
            .answers(200, Departed.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::link),
        Endpoint.get("/api/auth/callback/{id}", Permission.ANYONE, "Come back from a provider")
            .fromElsewhere()
            .changes("signs in whoever comes back from a provider, in the browser that set out")
            .query("code", "string", "What the provider gives in exchange for who has signed in")
            .query("state", "string", "As it was sent to the provider")
            .query("iss", "string", "The provider's issuer (RFC 9207)")
            .query("error", "string", "Why nobody has signed in")
            .query("error_description", "string", "The same in words")
            .answersRedirectOr(Endpoint.None.class)
            .handle(callback::arrive),
        Endpoint.post(
                "/api/auth/callback/{id}",
                Permission.PUBLIC,
                "Come back from a provider by a form, which is sent on as a query")
            .fromElsewhere()
            .answersRedirectOr(Endpoint.None.class)
            .handle(callback::sendOn));
  }

  private SocialProvider provider(String id, @Nullable IdToken idToken) {
    SocialProvider provider =
        providers
            .find(id)
            .orElseThrow(
                () ->
                    ProblemException.of(
                        "provider-not-found", "Not found", 404, "Provider not found"));
    if (idToken != null) {
      throw ProblemException.of(
          "id-token-not-supported", "Not supported", 404, "ID tokens of others are not taken");
    }
    return provider;
  }

  private Optional<String> target(@Nullable String url, String what) {
    return origins.target(Optional.ofNullable(url), what);
  }

  private Answer signIn(Call<SocialSignInRequest> call) {
    SocialSignInRequest body = call.body();
    SocialState.Targets targets =
        new SocialState.Targets(
            target(body.callbackURL(), "callbackURL").orElse("/"),
            target(body.errorCallbackURL(), "errorCallbackURL"),
            target(body.newUserCallbackURL(), "newUserCallbackURL"));
    limits.signIn(call);
    return depart(
        provider(body.provider(), body.idToken()),
        Optional.empty(),
        targets,
        new Wishes(
            body.scopes(), body.loginHint(), body.additionalParams(), body.disableRedirect()));
  }

  private Answer link(Call<LinkRequest> call) {
    LinkRequest body = call.body();
    SocialState.Targets targets =
        new SocialState.Targets(
            target(body.callbackURL(), "callbackURL").orElse("/"),
            target(body.errorCallbackURL(), "errorCallbackURL"),
            Optional.empty());
    limits.signIn(call);
    SocialProvider provider = provider(body.provider(), body.idToken());
    return depart(
        provider,
        Optional.of(
            new SocialState.Link(call.principal().userId(), call.principal().credentialId())),
        targets,
        new Wishes(
            body.scopes(), body.loginHint(), body.additionalParams(), body.disableRedirect()));
  }

  /** What of the authorization request is the caller's. */
  private record Wishes(
      @Nullable List<String> scopes,
      @Nullable String loginHint,
      @Nullable Map<String, String> parameters,
      @Nullable Boolean disableRedirect) {}

  private Answer depart(
      SocialProvider provider,
      Optional<SocialState.Link> link,
      SocialState.Targets targets,
      Wishes wishes) {
    List<String> scopes = Objects.requireNonNullElse(wishes.scopes(), List.of());
    if (!scopes.stream().allMatch(ProviderUrls::isScope)) {
      throw ProblemException.badRequest("scopes", "must be a list of scopes");
    }
    Map<String, String> parameters = Objects.requireNonNullElse(wishes.parameters(), Map.of());
    for (String name : parameters.keySet()) {
      if (RESERVED.contains(name) || !name.matches("[\\w.-]{1," + MAX_NAME + "}")) {
        throw ProblemException.badRequest(
            "additionalParams", "must have names of parameters that the server does not set");
      }
    }
    SocialStates.Issued issued = states.draw();
    URI url;
    try {
      url =
          provider.authorize(
              new SocialProvider.Departure(
                  issued.state(),
                  issued.verifier(),
                  issued.nonce(),
                  callback.redirect(provider.id()),
                  scopes,
                  Optional.ofNullable(wishes.loginHint()),
                  parameters));
    } catch (ProviderException e) {
      log.warn("Nobody can sign in with {}: {}", provider.id(), e.getMessage());
      throw SocialAccess.unavailable();
    }
    states.keep(issued, provider, link, targets);
    boolean redirect = !Boolean.TRUE.equals(wishes.disableRedirect());
    Answer.Body answer =
        Answer.json(new Departed(url.toString(), redirect))
            .header("Set-Cookie", cookie.set(issued.browser(), Optional.of(SocialStates.LIFE)));
    return redirect ? answer.header("Location", url.toString()) : answer;
  }
}
