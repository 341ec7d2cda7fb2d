package dev.mainstay.server.identity.social;

import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers of token endpoints (RFC 6749, section 5). */
final class TokenAnswers {
  /** Longer lives are none that anybody means. */
  private static final long MAX_SECONDS = Duration.ofDays(3650).toSeconds();

  private TokenAnswers() {}

  /** Reads an answer. */
  interface Reader {
    TokenResponse read() throws ParseException;
  }

  static ProviderTokens read(int status, Reader reader, Instant now) {
    TokenResponse response;
    try {
      response = reader.read();
    } catch (ParseException | IllegalArgumentException e) {
      throw ProviderException.unavailable("its answer of status " + status + " cannot be read");
    }
    if (!response.indicatesSuccess()) {
      throw refused(response);
    }
    return tokens(response, now);
  }

  private static ProviderException refused(TokenResponse response) {
    @Nullable String code = response.toErrorResponse().getErrorObject().getCode();
    if (OAuth2Error.INVALID_GRANT.getCode().equals(code)) {
      return new ProviderException(ProviderException.Reason.GRANT_ENDED, "invalid_grant");
    }
    boolean known =
        List.of(
                OAuth2Error.INVALID_CLIENT,
                OAuth2Error.UNAUTHORIZED_CLIENT,
                OAuth2Error.INVALID_REQUEST,
                OAuth2Error.INVALID_SCOPE,
                OAuth2Error.UNSUPPORTED_GRANT_TYPE)
            .stream()
            .anyMatch(error -> error.getCode().equals(code));
    return new ProviderException(
        ProviderException.Reason.CODE_REFUSED, known && code != null ? code : "another error");
  }

  private static ProviderTokens tokens(TokenResponse response, Instant now) {
    var success = response.toSuccessResponse();
    AccessToken access = success.getTokens().getAccessToken();
    @Nullable RefreshToken refresh = success.getTokens().getRefreshToken();
    Optional<String> id =
        success instanceof OIDCTokenResponse oidc
            ? Optional.ofNullable(oidc.getOIDCTokens().getIDTokenString())
            : Optional.empty();
    return new ProviderTokens(
        access.getValue(),
        Optional.ofNullable(refresh).map(RefreshToken::getValue),
        id,
        after(now, access.getLifetime()),
        after(now, lifetime(success.getCustomParameters())),
        scopes(access.getScope()));
  }

  private static Optional<Instant> after(Instant now, long seconds) {
    return seconds <= 0
        ? Optional.empty()
        : Optional.of(now.plusSeconds(Math.min(seconds, MAX_SECONDS)));
  }

  /** No standard, but what GitHub, Keycloak and others say. */
  private static long lifetime(Map<String, Object> parameters) {
    Object value = parameters.getOrDefault("refresh_token_expires_in", 0L);
    if (value instanceof Number number) {
      return number.longValue();
    }
    return value instanceof String text && text.matches("\\d{1,12}") ? Long.parseLong(text) : 0;
  }

  /** By spaces; by commas as GitHub writes them. What is no scope is left out. */
  private static List<String> scopes(@Nullable Scope scope) {
    return scope == null
        ? List.of()
        : scope.toStringList().stream()
            .flatMap(text -> Arrays.stream(text.split("[, ]")))
            .filter(ProviderUrls::isScope)
            .distinct()
            .limit(100)
            .toList();
  }
}
