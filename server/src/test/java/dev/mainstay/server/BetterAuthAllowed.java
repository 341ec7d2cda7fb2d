package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The differences that are meant: {@code differences.json}. An asterisk stands for any text. */
final class BetterAuthAllowed {
  private final List<Entry> entries = new ArrayList<>();
  private final Set<Entry> used = new LinkedHashSet<>();

  private record Entry(String topic, String step, String what, String why) {
    boolean allows(BetterAuthDifference difference) {
      return matches(topic, difference.topic())
          && matches(step, difference.step())
          && matches(what, difference.what());
    }

    private static boolean matches(String pattern, String text) {
      return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), text);
    }
  }

  private BetterAuthAllowed() {}

  static BetterAuthAllowed read() throws IOException {
    return parse(Files.readString(BetterAuthServer.DIRECTORY.resolve("differences.json")));
  }

  static BetterAuthAllowed parse(String text) {
    BetterAuthAllowed allowed = new BetterAuthAllowed();
    for (JsonNode entry : Json.read(text)) {
      allowed.entries.add(
          new Entry(
              required(entry, "topic"),
              required(entry, "step"),
              required(entry, "what"),
              required(entry, "why")));
    }
    return allowed;
  }

  private static String required(JsonNode entry, String member) {
    String value = entry.path(member).asText();
    if (value.isBlank()) {
      throw new IllegalStateException("differences.json: no " + member + " in " + entry);
    }
    return value;
  }

  /** The differences that are not meant. */
  List<BetterAuthDifference> without(List<BetterAuthDifference> found) {
    return found.stream().filter(difference -> !allows(difference)).toList();
  }

  private boolean allows(BetterAuthDifference difference) {
    List<Entry> allowing = entries.stream().filter(entry -> entry.allows(difference)).toList();
    used.addAll(allowing);
    return !allowing.isEmpty();
  }

  /** What is allowed and has not occurred. */
  List<String> unused() {
    return entries.stream().filter(entry -> !used.contains(entry)).map(Entry::toString).toList();
  }
}
