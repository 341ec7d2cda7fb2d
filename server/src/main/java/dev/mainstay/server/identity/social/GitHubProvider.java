package dev.mainstay.server.identity.social;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import dev.mainstay.server.platform.Json;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import net.minidev.json.JSONObject;

/**
 * GitHub, and GitHub Enterprise Server: OAuth 2.0 without OpenID. A token endpoint that may answer
 * with a form, and with status 200 for an error; who somebody is stands in the REST API.
 */
final class GitHubProvider implements SocialProvider {
  private static final List<String> SCOPES = List.of("read:user", "user:email");
  private static final ContentType JSON_OF_GITHUB =
      new ContentType("application", "vnd.github+json");

  private final SocialConfig.GitHubClient config;
  private final Outbound outbound;
  private final InstantSource clock;

  GitHubProvider(SocialConfig.GitHubClient config, Outbound outbound, InstantSource clock) {
    this.config = config;
    this.outbound = outbound;
    this.clock = clock;
  }

  @Override
  public String id() {
    return SocialConfig.GITHUB;
  }

  @Override
  public String name() {
    return "GitHub";
  }

  @Override
  public String issuer() {
    return config.url().toString();
  }

  private URI at(String path) {
    return URI.create(config.url() + path);
  }

  @Override
  public URI authorize(Departure departure) {
    Set<String> scopes = new LinkedHashSet<>(SCOPES);
    scopes.addAll(departure.scopes());
    AuthorizationRequest.Builder request =
        new AuthorizationRequest.Builder(ResponseType.CODE, new ClientID(config.clientId()))
            .endpointURI(at("/login/oauth/authorize"))
            .redirectionURI(departure.redirect())
            .scope(new Scope(scopes.toArray(String[]::new)))
            .state(new State(departure.state()))
            .codeChallenge(new CodeVerifier(departure.verifier()), CodeChallengeMethod.S256);
    departure.loginHint().ifPresent(hint -> request.customParameter("login", hint));
    departure.parameters().forEach(request::customParameter);
    return request.build().toURI();
  }

  @Override
  public void checkIssuer(Optional<String> iss) {
    if (iss.isPresent() && !iss.get().equals(issuer())) {
      throw new ProviderException(
          ProviderException.Reason.ISSUER_MISMATCH, "the answer is of another issuer");
    }
  }

  @Override
  public Exchanged exchange(Arrival arrival) {
    ProviderTokens tokens =
        tokens(
            new AuthorizationCodeGrant(
                new AuthorizationCode(arrival.code()),
                arrival.redirect(),
                new CodeVerifier(arrival.verifier())));
    return new Exchanged(tokens, profile(tokens));
  }

  @Override
  public ProviderTokens refresh(String refreshToken, String subject) {
    return tokens(new RefreshTokenGrant(new RefreshToken(refreshToken)));
  }

  private ProviderTokens tokens(AuthorizationGrant grant) {
    HTTPRequest request =
        new TokenRequest.Builder(
                at("/login/oauth/access_token"),
                new ClientSecretPost(
                    new ClientID(config.clientId()), new Secret(config.clientSecret().reveal())),
                grant)
            .build()
            .toHTTPRequest();
    request.setAccept("application/json");
    HTTPResponse response = outbound.call(request);
    return TokenAnswers.read(response.getStatusCode(), () -> parse(response), clock.instant());
  }

  private static TokenResponse parse(HTTPResponse response) throws ParseException {
    JSONObject answer =
        ContentType.APPLICATION_URLENCODED.matches(response.getEntityContentType())
            ? object(response)
            : response.getBodyAsJSONObject();
    if (answer.get("error") instanceof String error) {
      // GitHub's name for a code or a refresh token that is not good.
      boolean ended = error.equals("bad_verification_code") || error.equals("bad_refresh_token");
      return new TokenErrorResponse(
          new com.nimbusds.oauth2.sdk.ErrorObject(ended ? "invalid_grant" : error));
    }
    return com.nimbusds.oauth2.sdk.AccessTokenResponse.parse(answer);
  }

  private static JSONObject object(HTTPResponse response) throws ParseException {
    JSONObject answer = new JSONObject();
    response.getBodyAsFormParameters().forEach((name, values) -> answer.put(name, first(values)));
    return answer;
  }

  private static Object first(List<String> values) {
    String text = values.isEmpty() ? "" : values.getFirst();
    return text;
  }

  @Override
  public ProviderProfile profile(ProviderTokens tokens, String subject) {
    ProviderProfile profile = profile(tokens);
    if (!profile.subject().equals(subject)) {
      throw ProviderException.noProfile("the account is another one");
    }
    return profile;
  }

  private ProviderProfile profile(ProviderTokens tokens) {
    JsonNode user =
        api("/user", tokens)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> ProviderException.noProfile("it does not tell who has signed in"));
    JsonNode id = user.path("id");
    if (!id.isIntegralNumber()) {
      throw ProviderException.noProfile("the id is no number");
    }
    Optional<JsonNode> address = api("/user/emails", tokens).flatMap(GitHubProvider::primary);
    return new ProviderProfile(
        id.asText(),
        address.map(one -> one.path("email").asText()).or(() -> text(user, "email")),
        address.map(one -> one.path("verified").asBoolean(false)).orElse(false),
        text(user, "name").or(() -> text(user, "login")),
        text(user, "avatar_url"),
        Json.MAPPER.convertValue(user, new TypeReference<Map<String, Object>>() {}));
  }

  /**
   * The address in a profile is the one that its owner shows, if any; this is the one they have.
   */
  private static Optional<JsonNode> primary(JsonNode addresses) {
    return StreamSupport.stream(addresses.spliterator(), false)
        .filter(one -> one.path("primary").asBoolean(false))
        .filter(one -> text(one, "email").isPresent())
        .findFirst();
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.of(node.path(field))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank());
  }

  /** Empty if it is refused. */
  private Optional<JsonNode> api(String path, ProviderTokens tokens) {
    HTTPRequest request = new HTTPRequest(HTTPRequest.Method.GET, URI.create(config.api() + path));
    request.setAuthorization(new BearerAccessToken(tokens.access()).toAuthorizationHeader());
    request.setAccept(JSON_OF_GITHUB.toString());
    HTTPResponse response = outbound.call(request);
    if (response.getStatusCode() != HTTPResponse.SC_OK) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readTree(response.getBody()));
    } catch (JsonProcessingException e) {
      throw ProviderException.unavailable("its API answers no JSON");
    }
  }
}
