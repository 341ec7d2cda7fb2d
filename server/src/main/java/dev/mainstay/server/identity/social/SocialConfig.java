package dev.mainstay.server.identity.social;

import dev.mainstay.server.platform.Secret;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The providers at which people may sign in, as they are configured. */
public record SocialConfig(Optional<GitHubClient> github, List<OidcClient> oidc) {
  static final String GITHUB = "github";
  static final String GOOGLE = "google";
  private static final String GOOGLE_ISSUER = "https://accounts.google.com";
  private static final List<String> OIDC_SCOPES = List.of("openid", "email", "profile");

  /**
   * An OAuth app of GitHub.
   *
   * @param url where people sign in; it stands for the issuer, which GitHub has not
   * @param api the REST API
   */
  record GitHubClient(URI url, URI api, String clientId, Secret clientSecret) {}

  /**
   * A client at an OpenID provider.
   *
   * @param scopes with {@code openid}
   */
  record OidcClient(
      String id,
      String name,
      String issuer,
      String clientId,
      Secret clientSecret,
      List<String> scopes) {}

  /**
   * @throws SettingException with one sentence that shows no secret
   */
  public static SocialConfig from(Settings settings) {
    List<OidcClient> oidc = new ArrayList<>();
    pair(settings, Setting.GOOGLE_CLIENT_ID, Setting.GOOGLE_CLIENT_SECRET)
        .ifPresent(
            client ->
                oidc.add(
                    new OidcClient(
                        GOOGLE, "Google", GOOGLE_ISSUER, client.id, client.secret, OIDC_SCOPES)));
    settings.text(Setting.OIDC_PROVIDERS).map(OidcProvidersSetting::parse).ifPresent(oidc::addAll);
    Optional<GitHubClient> github =
        pair(settings, Setting.GITHUB_CLIENT_ID, Setting.GITHUB_CLIENT_SECRET)
            .map(
                client ->
                    new GitHubClient(
                        settings.parse(Setting.GITHUB_URL, text -> base(text, false)),
                        settings.parse(Setting.GITHUB_API_URL, text -> base(text, true)),
                        client.id,
                        client.secret));
    refuseTwins(github, oidc);
    return new SocialConfig(github, List.copyOf(oidc));
  }

  private record Pair(String id, Secret secret) {}

  private static Optional<Pair> pair(Settings settings, Setting id, Setting secret) {
    Optional<String> clientId = settings.text(id);
    Optional<Secret> clientSecret = settings.secret(secret);
    if (clientId.isPresent() != clientSecret.isPresent()) {
      Setting there = clientId.isPresent() ? id : secret;
      Setting missing = clientId.isPresent() ? secret : id;
      throw new SettingException(
          "%s is set, but %s is not: both are needed"
              .formatted(there.variable(), missing.variable()));
    }
    return clientId.flatMap(text -> clientSecret.map(one -> new Pair(text, one)));
  }

  private static URI base(String text, boolean withPath) {
    URI uri = URI.create(text.replaceFirst("/+$", ""));
    if (!ProviderUrls.isSafe(uri)
        || uri.getRawQuery() != null
        || (!withPath && !uri.getRawPath().isEmpty())) {
      throw new IllegalArgumentException(text);
    }
    return uri;
  }

  /** An account is known by its issuer and its id there: two providers with one issuer are one. */
  private static void refuseTwins(Optional<GitHubClient> github, List<OidcClient> oidc) {
    Set<String> issuers = new HashSet<>();
    github.ifPresent(client -> issuers.add(client.url().toString()));
    for (OidcClient client : oidc) {
      if (!issuers.add(client.issuer())) {
        throw new SettingException(
            "%s: the issuer of \"%s\" is that of another provider"
                .formatted(Setting.OIDC_PROVIDERS.variable(), client.id()));
      }
    }
  }

  /** What no commit and no log may hold. */
  public List<String> secrets() {
    return Stream.concat(
            github.stream().map(GitHubClient::clientSecret),
            oidc.stream().map(OidcClient::clientSecret))
        .map(Secret::reveal)
        .toList();
  }
}
