package dev.mainstay.server.identity.social;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderConfigurationRequest;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer says about itself (OpenID Connect Discovery 1.0), and its keys. The metadata is
 * read again after an hour, keys after a quarter of one or when a token names one that is not
 * known. Who reads holds up only those who need the same issuer, and not after it has failed.
 */
final class OidcDiscovery {
  private static final Duration FRESH = Duration.ofHours(1);

  /** For so long after a failure the issuer is not asked again. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final long KEYS_MILLIS = Duration.ofMinutes(15).toMillis();
  private static final long KEYS_WAIT_MILLIS = Duration.ofSeconds(15).toMillis();

  /** Signatures that only the issuer can make; never {@code none}, nor a shared secret. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final Issuer issuer;
  private final ClientID client;
  private final Outbound outbound;
  private final InstantSource clock;

  /** Guards what follows but for reading {@link #known}. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable Known known;
  private Instant failed = Instant.MIN;

  OidcDiscovery(String issuer, String clientId, Outbound outbound, InstantSource clock) {
    this.issuer = new Issuer(issuer);
    this.client = new ClientID(clientId);
    this.outbound = outbound;
    this.clock = clock;
  }

  /**
   * What is known of the issuer.
   *
   * @param promisesIssuer whether its answers name it (RFC 9207)
   */
  record Known(
      Instant at,
      URI authorization,
      URI token,
      Optional<URI> userInfo,
      URI keys,
      JWKSource<SecurityContext> keySource,
      IDTokenValidator validator,
      boolean secretInBody,
      boolean promisesIssuer) {}

  /**
   * @throws ProviderException if it does not say, or what cannot be
   */
  Known get() {
    Known before = known;
    if (before != null && clock.instant().isBefore(before.at().plus(FRESH))) {
      return before;
    }
    lock.lock();
    try {
      Known there = known;
      Instant now = clock.instant();
      if (there != null && now.isBefore(there.at().plus(FRESH))) {
        return there;
      }
      if (now.isBefore(after(failed))) {
        return stale(there);
      }
      try {
        Known fresh = read(there);
        known = fresh;
        return fresh;
      } catch (ProviderException e) {
        failed = clock.instant();
        if (there == null) {
          throw e;
        }
        return there;
      }
    } finally {
      lock.unlock();
    }
  }

  private static Instant after(Instant failed) {
    return failed.equals(Instant.MIN) ? failed : failed.plus(PAUSE);
  }

  private static Known stale(@Nullable Known there) {
    if (there == null) {
      throw ProviderException.unavailable("its metadata could not be read a moment ago");
    }
    return there;
  }

  private Known read(@Nullable Known before) {
    HTTPResponse response =
        outbound.call(new OIDCProviderConfigurationRequest(issuer).toHTTPRequest());
    try {
      if (response.getStatusCode() != HTTPResponse.SC_OK) {
        throw ProviderException.unavailable("its metadata answered " + response.getStatusCode());
      }
      OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(response.getBodyAsJSONObject());
      if (!metadata.getIssuer().equals(issuer)) {
        throw ProviderException.unavailable("its metadata is of another issuer");
      }
      URI keys = Outbound.safe(metadata.getJWKSetURI());
      JWKSource<SecurityContext> source =
          before != null && before.keys().equals(keys) ? before.keySource() : source(keys);
      @Nullable URI userInfo = metadata.getUserInfoEndpointURI();
      return new Known(
          clock.instant(),
          Outbound.safe(metadata.getAuthorizationEndpointURI()),
          Outbound.safe(metadata.getTokenEndpointURI()),
          userInfo == null ? Optional.empty() : Optional.of(Outbound.safe(userInfo)),
          keys,
          source,
          new IDTokenValidator(
              issuer, client, new JWSVerificationKeySelector<>(algorithms(metadata), source), null),
          secretInBody(metadata),
          metadata.supportsAuthorizationResponseIssuerParam());
    } catch (ParseException | MalformedURLException | IllegalArgumentException e) {
      throw ProviderException.unavailable("its metadata cannot be used");
    }
  }

  private JWKSource<SecurityContext> source(URI keys) throws MalformedURLException {
    return JWKSourceBuilder.<SecurityContext>create(keys.toURL(), outbound)
        .cache(KEYS_MILLIS, KEYS_WAIT_MILLIS)
        .refreshAheadCache(false)
        .rateLimited(true)
        .retrying(true)
        .build();
  }

  private static Set<JWSAlgorithm> algorithms(OIDCProviderMetadata metadata) throws ParseException {
    @Nullable List<JWSAlgorithm> offered = metadata.getIDTokenJWSAlgs();
    Set<JWSAlgorithm> both = new HashSet<>(offered == null ? List.of(JWSAlgorithm.RS256) : offered);
    both.retainAll(ALGORITHMS);
    if (both.isEmpty()) {
      throw new ParseException("no algorithm that can be checked");
    }
    return both;
  }

  /**
   * Basic is what a client uses where nothing else is said (OpenID Connect Discovery, section 3).
   */
  private static boolean secretInBody(OIDCProviderMetadata metadata) throws ParseException {
    var offered = metadata.getTokenEndpointAuthMethods();
    if (offered == null || offered.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)) {
      return false;
    }
    if (offered.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)) {
      return true;
    }
    throw new ParseException("it takes no client secret");
  }
}
