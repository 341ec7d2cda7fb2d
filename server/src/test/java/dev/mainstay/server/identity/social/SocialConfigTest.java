package dev.mainstay.server.identity.social;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Settings;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once") // needs no database
class SocialConfigTest {
  private static final String SECRET = "canary-secret-5521";
  private static final String GOOD =
      """
      {"id":"acme","name":"Acme","issuer":"https://id.example.com/realms/a","clientId":"c","clientSecret":"%s"}
      """
          .formatted(SECRET)
          .strip();

  private static SocialConfig config(Map<String, String> values) {
    return SocialConfig.from(Settings.ofOnly(values));
  }

  @Test
  void nothingIsConfiguredUnlessItIs() {
    SocialConfig config = config(Map.of());
    assertThat(config.github()).isEmpty();
    assertThat(config.oidc()).isEmpty();
    assertThat(config.secrets()).isEmpty();
  }

  @Test
  void allThatCanBeConfigured() {
    SocialConfig config =
        config(
            Map.of(
                "GITHUB_CLIENT_ID", "g",
                "GITHUB_CLIENT_SECRET", "gs",
                "GITHUB_URL", "https://git.example.com/",
                "GITHUB_API_URL", "https://git.example.com/api/v3",
                "GOOGLE_CLIENT_ID", "o",
                "GOOGLE_CLIENT_SECRET", "os",
                "MAINSTAY_OIDC_PROVIDERS",
                    "["
                        + GOOD.replace("\"id\"", "\"scopes\":[\"email\",\"groups\"],\"id\"")
                        + "]"));
    assertThat(config.github().orElseThrow().url()).hasToString("https://git.example.com");
    assertThat(config.github().orElseThrow().api()).hasToString("https://git.example.com/api/v3");
    assertThat(config.oidc())
        .extracting(SocialConfig.OidcClient::id)
        .containsExactly("google", "acme");
    assertThat(config.oidc().getLast().scopes()).containsExactly("openid", "email", "groups");
    assertThat(config.secrets()).containsExactly("gs", "os", SECRET);
    assertThat(config.toString()).doesNotContain(SECRET, "gs", "os");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | no valid JSON",
        "{} | JSON list",
        "[] | JSON list",
        "[1] | [0] must be an object",
        "[\"acme\" -> \"Acme\"] | [0].id",
        "[\"acme\" -> \"github\"] | [0].id",
        "[\"acme\" -> \"credential\"] | [0].id",
        "[\"acme\" -> 5] | [0].id",
        "[\"Acme\" -> \"\"] | [0].name",
        "[https: -> http:] | [0].issuer",
        "[https://id -> https://u:p@id] | [0].issuer",
        "[/realms/a -> /?a=b] | [0].issuer",
        "[\"clientId\" -> \"client\"] | [0] has a field",
        "[\"clientId\":\"c\", -> ] | [0].clientId",
        "[\"id\" -> \"scopes\":\"email\",\"id\"] | [0].scopes",
        "[\"id\" -> \"scopes\":[\"a b\"],\"id\"] | [0].scopes",
        "twice | [1].id",
      })
  void aWrongValueIsOneSentenceWithTheFieldAndNoSecret(String change, String words) {
    assertThatThrownBy(() -> config(Map.of("MAINSTAY_OIDC_PROVIDERS", value(change))))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MAINSTAY_OIDC_PROVIDERS: ")
        .hasMessageContaining(words)
        .hasMessageNotContaining(SECRET)
        .hasNoCause();
  }

  private static String value(String change) {
    if (change.equals("twice")) {
      return "[" + GOOD + "," + GOOD.replace("/realms/a", "/realms/b") + "]";
    }
    if (!change.contains("->")) {
      return change;
    }
    String[] parts = change.substring(1, change.length() - 1).split(" -> ?", 2);
    return "[" + GOOD.replace(parts[0], parts[1]) + "]";
  }

  @Test
  void bothHalvesAreNeeded() {
    assertThatThrownBy(() -> config(Map.of("GITHUB_CLIENT_ID", "x")))
        .hasMessage("GITHUB_CLIENT_ID is set, but GITHUB_CLIENT_SECRET is not: both are needed");
    assertThatThrownBy(() -> config(Map.of("GOOGLE_CLIENT_SECRET", SECRET)))
        .hasMessage("GOOGLE_CLIENT_SECRET is set, but GOOGLE_CLIENT_ID is not: both are needed");
  }

  @Test
  void twoProvidersHaveTwoIssuers() {
    String same = GOOD.replace("https://id.example.com/realms/a", "https://accounts.google.com");
    assertThatThrownBy(
            () ->
                config(
                    Map.of(
                        "GOOGLE_CLIENT_ID", "o",
                        "GOOGLE_CLIENT_SECRET", "os",
                        "MAINSTAY_OIDC_PROVIDERS", "[" + same + "]")))
        .hasMessageContaining("\"acme\"");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, true",
    "https://10.0.0.1/x, true",
    "http://localhost:8080, true",
    "http://127.0.0.1, true",
    "http://[::1]:80, true",
    "http://example.com, false",
    "http://169.254.169.254/latest, false",
    "http://[::ffff:127.0.0.1], false",
    "http://2130706433, false",
    "http://localhost.evil.example, false",
    "https://user@example.com, false",
    "https://example.com/#x, false",
    "file:///etc/passwd, false",
    "ftp://example.com, false",
  })
  void onlyHttpsIsCalledUnlessItIsThisMachine(String url, boolean safe) {
    assertThat(ProviderUrls.isSafe(java.net.URI.create(url))).isEqualTo(safe);
  }
}
