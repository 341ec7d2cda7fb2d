package dev.mainstay.server.identity.social;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Secret;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code MAINSTAY_OIDC_PROVIDERS}. What is wrong is said by place and field, never shown. */
final class OidcProvidersSetting {
  private static final int MAX_PROVIDERS = 20;
  private static final int MAX_SCOPES = 20;
  private static final int MAX_TEXT = 2000;
  private static final Set<String> FIELDS =
      Set.of("id", "name", "issuer", "clientId", "clientSecret", "scopes");
  private static final Set<String> TAKEN =
      Set.of(SocialConfig.GITHUB, SocialConfig.GOOGLE, "credential");
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,40}");

  private OidcProvidersSetting() {}

  static List<SocialConfig.OidcClient> parse(String text) {
    JsonNode list = read(text);
    if (!list.isArray() || list.isEmpty() || list.size() > MAX_PROVIDERS) {
      throw wrong("must be a JSON list of 1 to " + MAX_PROVIDERS + " providers");
    }
    List<SocialConfig.OidcClient> clients = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      SocialConfig.OidcClient client = client(list.get(i), "[" + i + "]");
      if (!ids.add(client.id())) {
        throw wrong("[" + i + "].id is that of another provider");
      }
      clients.add(client);
    }
    return clients;
  }

  private static JsonNode read(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      // Its message would show what was read, a secret perhaps.
      throw wrong("must be a JSON list, but is no valid JSON");
    }
  }

  private static SocialConfig.OidcClient client(JsonNode node, String at) {
    if (!node.isObject()) {
      throw wrong(at + " must be an object");
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!FIELDS.contains(member.getKey())) {
        throw wrong(
            at
                + " has a field that is none of "
                + String.join(", ", new java.util.TreeSet<>(FIELDS)));
      }
    }
    String id = text(node, at, "id");
    if (!ID.matcher(id).matches() || TAKEN.contains(id)) {
      throw wrong(
          at
              + ".id must have 1 to 40 of a-z, 0-9 and dashes, and not be github, google or credential");
    }
    String issuer = text(node, at, "issuer");
    if (issuerUri(issuer).isEmpty()) {
      throw wrong(at + ".issuer must be an https:// URL without query; http:// for this machine");
    }
    return new SocialConfig.OidcClient(
        id,
        text(node, at, "name"),
        issuer,
        text(node, at, "clientId"),
        new Secret(text(node, at, "clientSecret")),
        scopes(node.path("scopes"), at));
  }

  private static Optional<URI> issuerUri(String text) {
    try {
      return Optional.of(new URI(text))
          .filter(uri -> ProviderUrls.isSafe(uri) && uri.getRawQuery() == null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode node, String at, String field) {
    String text = node.path(field).isTextual() ? node.path(field).asText().strip() : "";
    if (text.isEmpty()
        || text.length() > MAX_TEXT
        || text.chars().anyMatch(Character::isISOControl)) {
      throw wrong(at + "." + field + " must be a text of 1 to " + MAX_TEXT + " characters");
    }
    return text;
  }

  private static List<String> scopes(JsonNode node, String at) {
    Set<String> scopes = new LinkedHashSet<>(List.of("openid"));
    if (node.isMissingNode()) {
      scopes.addAll(List.of("email", "profile"));
      return List.copyOf(scopes);
    }
    boolean valid = node.isArray() && node.size() <= MAX_SCOPES;
    for (JsonNode scope : node) {
      valid &= scope.isTextual() && ProviderUrls.isScope(scope.asText());
      scopes.add(scope.asText());
    }
    if (!valid) {
      throw wrong(at + ".scopes must be a list of " + MAX_SCOPES + " scopes at most");
    }
    return List.copyOf(scopes);
  }

  private static SettingException wrong(String what) {
    return new SettingException(Setting.OIDC_PROVIDERS.variable() + ": " + what);
  }
}
