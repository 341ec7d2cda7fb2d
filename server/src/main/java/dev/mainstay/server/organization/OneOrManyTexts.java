package dev.mainstay.server.organization;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Better Auth takes as one text, null or a list of them. */
final class OneOrManyTexts {
  /** Its JSON schema. */
  static final String SCHEMA =
      """
      {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}""";

  private static final int MAX_LENGTH = 600;

  private OneOrManyTexts() {}

  /** A text alone, which may have been null instead. */
  static String one(String field, JsonNode node) {
    if (!node.isTextual()) {
      throw ProblemException.badRequest(field, "must be a string");
    }
    String text = node.textValue();
    if (text.length() > MAX_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest(
          field, "must have " + MAX_LENGTH + " characters at most, and no control characters");
    }
    return text;
  }

  static List<String> parse(String field, @Nullable JsonNode given, int most) {
    if (given == null || given.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    Iterable<JsonNode> nodes = given.isArray() ? given : List.of(given);
    for (JsonNode node : nodes) {
      texts.add(one(field, node));
    }
    if (texts.size() > most) {
      throw ProblemException.badRequest(field, "must have " + most + " items at most");
    }
    return texts;
  }
}
