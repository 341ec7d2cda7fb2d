package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The conversation of one request to the model, without its cache marks, which wander from call to
 * call.
 */
record Conversation(List<JsonNode> messages) {

  /** A tool's answer. */
  record Result(String id, String output, boolean isError) {}

  static Conversation of(JsonNode request) {
    List<JsonNode> messages = new ArrayList<>();
    for (JsonNode message : request.path("messages")) {
      JsonNode copy = message.deepCopy();
      copy.path("content").forEach(block -> ((ObjectNode) block).remove("cache_control"));
      messages.add(copy);
    }
    return new Conversation(messages);
  }

  /** Assistant messages so far. */
  int turns() {
    return (int) messages.stream().filter(Conversation::isAssistant).count();
  }

  /** What the task was created with. */
  String prompt() {
    return messages.isEmpty() ? "" : text(messages.getFirst());
  }

  /** The newest assistant message's text, or nothing if there is none. */
  String lastSaid() {
    return messages.stream()
        .filter(Conversation::isAssistant)
        .reduce((first, second) -> second)
        .map(Conversation::text)
        .orElse("");
  }

  /** The results in the last message. */
  List<Result> results() {
    return messages.isEmpty() ? List.of() : results(messages.getLast());
  }

  /** All text that the user has said after the prompt. */
  List<String> userTexts() {
    return messages.stream()
        .filter(message -> !isAssistant(message))
        .flatMap(message -> blocks(message).stream())
        .filter(block -> type(block).equals("text"))
        .map(block -> block.path("text").asText())
        .skip(1)
        .toList();
  }

  List<JsonNode> assistantContents() {
    return messages.stream()
        .filter(Conversation::isAssistant)
        .map(message -> message.path("content"))
        .toList();
  }

  /** Block by block: what a user adds before any answer joins the message that is there. */
  boolean beginsWith(Conversation earlier) {
    List<String> all = flat();
    List<String> begin = earlier.flat();
    return all.size() >= begin.size() && all.subList(0, begin.size()).equals(begin);
  }

  private List<String> flat() {
    return messages.stream()
        .flatMap(
            message -> blocks(message).stream().map(block -> message.path("role").asText() + block))
        .toList();
  }

  /** Why the Messages API would refuse it. */
  Optional<String> violation() {
    if (messages.isEmpty() || isAssistant(messages.getFirst())) {
      return Optional.of("the first message is not the user's");
    }
    if (isAssistant(messages.getLast())) {
      return Optional.of("the last message is not the user's");
    }
    List<String> asked = List.of();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      if (i > 0 && isAssistant(message) == isAssistant(messages.get(i - 1))) {
        return Optional.of("message " + i + " has the role of the one before it");
      }
      if (blocks(message).isEmpty()) {
        return Optional.of("message " + i + " is empty");
      }
      if (isAssistant(message)) {
        asked = asked(message);
        continue;
      }
      List<String> answered = results(message).stream().map(Result::id).toList();
      if (!answered.equals(asked)) {
        return Optional.of(
            "message " + i + " answers " + answered + " where " + asked + " was asked");
      }
      asked = List.of();
    }
    return Optional.empty();
  }

  private static List<String> asked(JsonNode message) {
    return blocks(message).stream()
        .filter(block -> type(block).equals("tool_use"))
        .map(block -> block.path("id").asText())
        .toList();
  }

  private static List<Result> results(JsonNode message) {
    return blocks(message).stream()
        .filter(block -> type(block).equals("tool_result"))
        .map(
            block ->
                new Result(
                    block.path("tool_use_id").asText(),
                    block.path("content").asText(),
                    block.path("is_error").asBoolean(false)))
        .toList();
  }

  private static String text(JsonNode message) {
    return blocks(message).stream()
        .filter(block -> type(block).equals("text"))
        .map(block -> block.path("text").asText())
        .findFirst()
        .orElse("");
  }

  private static boolean isAssistant(JsonNode message) {
    return message.path("role").asText().equals("assistant");
  }

  private static String type(JsonNode block) {
    return block.path("type").asText();
  }

  private static List<JsonNode> blocks(JsonNode message) {
    return StreamSupport.stream(message.path("content").spliterator(), false).toList();
  }
}
