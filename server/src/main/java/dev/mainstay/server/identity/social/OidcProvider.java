package dev.mainstay.server.identity.social;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An OpenID provider (OpenID Connect Core 1.0): the code flow, always with PKCE and a nonce. */
final class OidcProvider implements SocialProvider {
  private final SocialConfig.OidcClient config;
  private final Outbound outbound;
  private final InstantSource clock;
  private final OidcDiscovery discovery;

  OidcProvider(SocialConfig.OidcClient config, Outbound outbound, InstantSource clock) {
    this.config = config;
    this.outbound = outbound;
    this.clock = clock;
    this.discovery = new OidcDiscovery(config.issuer(), config.clientId(), outbound, clock);
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public String issuer() {
    return config.issuer();
  }

  @Override
  public URI authorize(Departure departure) {
    Set<String> scopes = new LinkedHashSet<>(config.scopes());
    scopes.addAll(departure.scopes());
    AuthenticationRequest.Builder request =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                new Scope(scopes.toArray(String[]::new)),
                new ClientID(config.clientId()),
                departure.redirect())
            .endpointURI(discovery.get().authorization())
            .state(new State(departure.state()))
            .nonce(new Nonce(departure.nonce()))
            .codeChallenge(new CodeVerifier(departure.verifier()), CodeChallengeMethod.S256);
    departure.loginHint().ifPresent(request::loginHint);
    departure.parameters().forEach(request::customParameter);
    return request.build().toURI();
  }

  @Override
  public void checkIssuer(Optional<String> iss) {
    if (iss.isPresent() && !iss.get().equals(config.issuer())) {
      throw new ProviderException(
          ProviderException.Reason.ISSUER_MISMATCH, "the answer is of another issuer");
    }
    if (iss.isEmpty() && discovery.get().promisesIssuer()) {
      throw new ProviderException(
          ProviderException.Reason.ISSUER_MISSING, "the answer does not name its issuer");
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
    String idToken =
        tokens.id().orElseThrow(() -> ProviderException.noProfile("there is no ID token"));
    Map<String, Object> claims = new HashMap<>(verified(idToken, Optional.of(arrival.nonce())));
    if (!claims.containsKey("email") || !claims.containsKey("email_verified")) {
      claims.putAll(userInfo(tokens, String.valueOf(claims.get("sub"))));
    }
    return new Exchanged(tokens, OidcClaims.profile(claims));
  }

  private ProviderTokens tokens(AuthorizationGrant grant) {
    OidcDiscovery.Known known = discovery.get();
    HTTPResponse response =
        outbound.call(
            new TokenRequest.Builder(known.token(), authentication(known.secretInBody()), grant)
                .build()
                .toHTTPRequest());
    return TokenAnswers.read(response.getStatusCode(), () -> parse(response), clock.instant());
  }

  private static TokenResponse parse(HTTPResponse response) throws ParseException {
    return OIDCTokenResponseParser.parse(response);
  }

  private ClientAuthentication authentication(boolean secretInBody) {
    ClientID id = new ClientID(config.clientId());
    Secret secret = new Secret(config.clientSecret().reveal());
    return secretInBody ? new ClientSecretPost(id, secret) : new ClientSecretBasic(id, secret);
  }

  /** The claims of an ID token that is this issuer's, for us, and for this sign-in. */
  private Map<String, Object> verified(String idToken, Optional<String> nonce) {
    try {
      JWT token = JWTParser.parse(idToken);
      IDTokenClaimsSet claims =
          discovery.get().validator().validate(token, nonce.map(Nonce::new).orElse(null));
      // OpenID Connect Core, section 3.1.3.7, 3: a token that others may show as theirs is none of
      // ours.
      boolean ours =
          claims.getAudience().size() == 1
              && (claims.getAuthorizedParty() == null
                  || claims.getAuthorizedParty().getValue().equals(config.clientId()));
      if (!ours) {
        throw ProviderException.noProfile("the ID token is for others, too");
      }
      return claims.toJSONObject();
    } catch (java.text.ParseException | BadJOSEException e) {
      throw ProviderException.noProfile("the ID token is not valid");
    } catch (JOSEException e) {
      throw ProviderException.unavailable("its keys cannot be read");
    }
  }

  /** What the UserInfo endpoint says; nothing if there is none. */
  private Map<String, Object> userInfo(ProviderTokens tokens, String subject) {
    Optional<URI> endpoint = discovery.get().userInfo();
    if (endpoint.isEmpty()) {
      return Map.of();
    }
    HTTPResponse response =
        outbound.call(
            new UserInfoRequest(endpoint.get(), new BearerAccessToken(tokens.access()))
                .toHTTPRequest());
    try {
      UserInfoResponse parsed = UserInfoResponse.parse(response);
      @Nullable UserInfo info =
          parsed.indicatesSuccess() ? parsed.toSuccessResponse().getUserInfo() : null;
      // OpenID Connect Core, section 5.3.2: else another one's claims could be put in their place.
      if (info == null || !info.getSubject().getValue().equals(subject)) {
        throw ProviderException.noProfile("the UserInfo is not of who has signed in");
      }
      return info.toJSONObject();
    } catch (ParseException | IllegalArgumentException e) {
      throw ProviderException.noProfile("the UserInfo cannot be read");
    }
  }

  @Override
  public ProviderTokens refresh(String refreshToken, String subject) {
    ProviderTokens tokens = tokens(new RefreshTokenGrant(new RefreshToken(refreshToken)));
    // OpenID Connect Core, section 12.2: of the same subject; a nonce need not be there.
    if (tokens.id().isPresent()
        && !subject.equals(verified(tokens.id().get(), Optional.empty()).get("sub"))) {
      throw ProviderException.noProfile("the ID token is of somebody else");
    }
    return tokens;
  }

  @Override
  public ProviderProfile profile(ProviderTokens tokens, String subject) {
    Map<String, Object> claims = new HashMap<>(userInfo(tokens, subject));
    if (claims.isEmpty()) {
      throw ProviderException.noProfile("it has no UserInfo");
    }
    return OidcClaims.profile(claims);
  }
}
