package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One thing in which two walks differ.
 *
 * @param what {@code status}, {@code location}, {@code request}, {@code calls}, {@code walk},
 *     {@code cookie} with its name, or {@code body} with the path of a member
 */
record BetterAuthDifference(
    String topic, String step, String at, String what, String reference, String other) {
  private static final String ABSENT = "(absent)";

  /** All differences, in the order of the reference's walk. */
  static List<BetterAuthDifference> between(BetterAuthWalk reference, BetterAuthWalk other) {
    List<BetterAuthDifference> found = new ArrayList<>();
    Map<String, List<JsonNode>> others = other.steps();
    for (Map.Entry<String, List<JsonNode>> step : reference.steps().entrySet()) {
      List<JsonNode> expected = step.getValue();
      List<JsonNode> actual = others.getOrDefault(step.getKey(), List.of());
      if (expected.size() != actual.size()) {
        found.add(of(expected.getFirst(), "calls", calls(expected), calls(actual)));
      }
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        compare(expected.get(i), actual.get(i), found);
      }
      if (actual.isEmpty() && other.failure().isPresent()) {
        // what follows is missing because of what is said here
        found.add(of(expected.getFirst(), "walk", "goes on", other.failure().get()));
        return found;
      }
    }
    other
        .failure()
        .ifPresent(why -> found.add(of(reference.lines().getLast(), "walk", "ends", why)));
    return found;
  }

  private static void compare(
      JsonNode expected, JsonNode actual, List<BetterAuthDifference> found) {
    TreeMap<String, String> left = parts(expected);
    TreeMap<String, String> right = parts(actual);
    if (!Objects.equals(left.get("status"), right.get("status"))) {
      left.keySet().removeIf(part -> part.startsWith("body"));
      right.keySet().removeIf(part -> part.startsWith("body"));
    } else if (expected.path("status").asInt() >= 400) {
      // Where the reference says less, there is nothing to compare with.
      for (String part : List.of("body.code", "body.message")) {
        if (List.of("null", "false").contains(left.getOrDefault(part, ""))) {
          left.remove(part);
          right.remove(part);
        }
      }
    }
    SortedSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      String one = left.getOrDefault(name, ABSENT);
      String two = right.getOrDefault(name, ABSENT);
      if (!one.equals(two)) {
        found.add(of(expected, name, one, two));
      }
    }
  }

  /** A line of a walk as names and values. */
  private static TreeMap<String, String> parts(JsonNode line) {
    TreeMap<String, String> parts = new TreeMap<>();
    parts.put("request", call(line));
    parts.put("status", line.path("status").asText());
    if (!line.path("location").isNull()) {
      parts.put("location", line.path("location").asText());
    }
    for (JsonNode cookie : line.path("cookies")) {
      String text = cookie.asText();
      int end = text.indexOf(';');
      String name = end < 0 ? text : text.substring(0, end);
      parts.merge("cookie " + name, text.substring(name.length()), (one, two) -> one + two);
    }
    flatten("body", line.path("shape"), parts);
    return parts;
  }

  private static void flatten(String path, JsonNode value, Map<String, String> parts) {
    if (value.isObject() && !value.isEmpty()) {
      value.properties().forEach(m -> flatten(path + "." + m.getKey(), m.getValue(), parts));
    } else if (value.isArray() && !value.isEmpty()) {
      for (int i = 0; i < value.size(); i++) {
        flatten(path + "[" + i + "]", value.get(i), parts);
      }
    } else {
      parts.put(path, value.isContainerNode() ? value.toString() : value.asText());
    }
  }

  private static BetterAuthDifference of(JsonNode line, String what, String one, String two) {
    return new BetterAuthDifference(
        line.path("topic").asText(), line.path("step").asText(), call(line), what, one, two);
  }

  private static String call(JsonNode line) {
    return line.path("method").asText() + " " + line.path("path").asText();
  }

  private static String calls(List<JsonNode> lines) {
    return lines.stream().map(BetterAuthDifference::call).toList().toString();
  }

  @Override
  public String toString() {
    return "%s, \"%s\", %s%n    %s%n      reference: %s%n      Mainstay:  %s"
        .formatted(topic, step, at, what, reference, other);
  }
}
