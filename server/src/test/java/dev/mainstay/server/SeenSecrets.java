package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.TestDatabases;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has passed between the tests and each server that nobody may find in its database:
 * passwords, the secrets of sessions, keys, links, codes and authenticator apps. Each server of the
 * suite is searched for all of them when it is closed.
 */
final class SeenSecrets {
  private static final Map<String, SeenSecrets> ALL = new ConcurrentHashMap<>();

  /** Members of bodies, of requests as of answers, whose text is secret. */
  private static final Set<String> MEMBERS =
      Set.of("password", "newPassword", "currentPassword", "key", "backupCodes", "backupCode");

  /** Of a link that was mailed, and of an authenticator app's set-up. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?:[?&#](?:token|secret)=|/reset-password/)([A-Za-z0-9_-]{16,})");

  private static final Pattern CODE = Pattern.compile("\\d{6}");
  private static final Pattern MAILED_CODE = Pattern.compile("(?:^|\\\\n)(\\d{6})(?:\\\\n|$)");

  /** What a key starts with is shorter, and shown. */
  private static final int SHORTEST = 12;

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Set<String> codes = ConcurrentHashMap.newKeySet();

  private SeenSecrets() {}

  /** Of the server at this address. */
  static SeenSecrets of(URI server) {
    return ALL.computeIfAbsent(server.getAuthority(), authority -> new SeenSecrets());
  }

  void add(String secret) {
    if (CODE.matcher(secret).matches()) {
      codes.add(secret);
    } else if (secret.length() >= SHORTEST) {
      secrets.add(secret);
    }
  }

  /** What a request says, if it is JSON. */
  void sent(String text) {
    try {
      members(Json.MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      return; // a test of just that
    }
  }

  /** What an answer says. */
  void body(String text) {
    Matcher parameter = PARAMETER.matcher(text);
    while (parameter.find()) {
      secrets.add(parameter.group(1));
    }
    Matcher code = MAILED_CODE.matcher(text);
    while (code.find()) {
      codes.add(code.group(1));
    }
    sent(text);
  }

  private void members(JsonNode node) {
    node.properties()
        .forEach(
            member -> {
              if (MEMBERS.contains(member.getKey())) {
                member.getValue().valueStream().forEach(one -> add(one.asText()));
                add(member.getValue().asText());
              } else {
                members(member.getValue());
              }
            });
  }

  /** The secrets in the cookies that an answer sets. */
  void cookies(HttpHeaders headers) {
    for (String set : headers.allValues("Set-Cookie")) {
      String value = set.substring(set.indexOf('=') + 1, set.indexOf(';'));
      if (set.substring(0, set.indexOf('=')).contains("mainstay")) {
        add(value);
      }
    }
  }

  /** Searches the database of a data directory, of which no server is left. */
  void assertNotIn(Path data) {
    String dump = TestDatabases.dump(data);
    for (String secret : secrets) {
      assertThat(dump.contains(secret)).as("a secret in the database: %s", secret).isFalse();
    }
    for (String code : codes) {
      assertThat(
              Pattern.compile("(?<![0-9a-zA-Z.-])" + code + "(?![0-9a-zA-Z-])")
                  .matcher(dump)
                  .find())
          .as("a code in the database: %s", code)
          .isFalse();
    }
  }
}
