package dev.mainstay.agent.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * What a {@link ScriptedModel} says, reply by reply.
 *
 * <pre>{@code
 * {"replies": [
 *   {"delayMillis": 300, "chunkDelayMillis": 40,
 *    "text": ["I look at ", "the project."],
 *    "tools": [{"name": "bash", "input": {"command": "make"}, "mayFail": true}],
 *    "stopReason": "tool_use"},
 *   {"text": "It is built.", "textAfterFailure": "It could not be built."}]}
 * }</pre>
 *
 * All but {@code replies} may be left out. {@code text} is a string or a list of chunks; {@code
 * textAfterFailure} takes its place if a call has failed that was not marked {@code mayFail};
 * {@code stopReason} is {@code tool_use} if there are tools, else {@code end_turn}. Unknown fields
 * are refused.
 *
 * @param replies at least one
 */
record Scenario(List<Line> replies) {

  Scenario {
    replies = List.copyOf(replies);
    if (replies.isEmpty()) {
      throw new IllegalArgumentException("A scenario needs at least one reply");
    }
  }

  /**
   * One reply.
   *
   * @param textAfterFailure in place of {@code text} if an earlier call failed that must not; empty
   *     for the same text
   * @param delay before its first chunk
   * @param chunkDelay before each further chunk
   */
  record Line(
      List<String> text,
      List<String> textAfterFailure,
      List<Call> tools,
      String stopReason,
      Duration delay,
      Duration chunkDelay) {
    Line {
      text = List.copyOf(text);
      textAfterFailure = List.copyOf(textAfterFailure);
      tools = List.copyOf(tools);
    }

    List<String> text(boolean afterFailure) {
      return afterFailure && !textAfterFailure.isEmpty() ? textAfterFailure : text;
    }
  }

  /**
   * A tool call.
   *
   * @param mayFail whether the scenario goes on as if nothing had happened when it fails
   */
  record Call(String name, ObjectNode input, boolean mayFail) {}

  /**
   * @throws IllegalArgumentException if it is not a scenario, with the reason
   */
  static Scenario parse(String json) {
    JsonNode root;
    try {
      root = Json.parse(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A scenario must be JSON: " + e.getOriginalMessage(), e);
    }
    only(root, Set.of("replies"));
    List<Line> replies = new ArrayList<>();
    for (JsonNode reply : root.path("replies")) {
      replies.add(line(reply));
    }
    return new Scenario(replies);
  }

  private static Line line(JsonNode reply) {
    only(
        reply,
        Set.of(
            "text", "textAfterFailure", "tools", "stopReason", "delayMillis", "chunkDelayMillis"));
    List<Call> tools = new ArrayList<>();
    for (JsonNode tool : reply.path("tools")) {
      only(tool, Set.of("name", "input", "mayFail"));
      if (!tool.path("name").isTextual() || !(tool.path("input") instanceof ObjectNode input)) {
        throw new IllegalArgumentException("A scenario's tool needs a name and an input object");
      }
      tools.add(
          new Call(tool.path("name").textValue(), input, tool.path("mayFail").asBoolean(false)));
    }
    return new Line(
        chunks(reply.path("text")),
        chunks(reply.path("textAfterFailure")),
        tools,
        reply.path("stopReason").asText(tools.isEmpty() ? "end_turn" : "tool_use"),
        Duration.ofMillis(reply.path("delayMillis").asLong(0)),
        Duration.ofMillis(reply.path("chunkDelayMillis").asLong(0)));
  }

  private static List<String> chunks(JsonNode text) {
    return text.isArray()
        ? StreamSupport.stream(text.spliterator(), false).map(JsonNode::asText).toList()
        : text.isTextual() ? List.of(text.textValue()) : List.of();
  }

  private static void only(JsonNode object, Set<String> fields) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("A scenario has an object where this is: " + object);
    }
    object
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!fields.contains(field)) {
                throw new IllegalArgumentException("A scenario has no field " + field);
              }
            });
  }
}
