package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.FakeMessage;
import dev.mainstay.server.platform.Json;

/**
 * An assistant message that a test's model says: the content, as it must come back in the next
 * request, and the stream that brings it.
 *
 * @param usage what the message costs
 */
record Reply(ArrayNode content, Tokens usage) {

  /** Tokens as the stream tells them. */
  record Tokens(long input, long output, long cacheRead, long cacheWrite) {
    static final Tokens NONE = new Tokens(0, 0, 0, 0);

    Tokens plus(Tokens other) {
      return new Tokens(
          input + other.input,
          output + other.output,
          cacheRead + other.cacheRead,
          cacheWrite + other.cacheWrite);
    }

    /** As a task's view shows them. */
    static Tokens of(JsonNode view) {
      return new Tokens(
          view.path("inputTokens").asLong(),
          view.path("outputTokens").asLong(),
          view.path("cacheReadTokens").asLong(),
          view.path("cacheWriteTokens").asLong());
    }
  }

  static Reply text(String text) {
    ArrayNode content = Json.MAPPER.createArrayNode();
    content.addObject().put("type", "text").put("text", text);
    return new Reply(content, new Tokens(10, 5, 0, 0));
  }

  /** The same with one more call. */
  Reply call(String id, String name, ObjectNode input) {
    ArrayNode more = content.deepCopy();
    more.addObject()
        .put("type", "tool_use")
        .put("id", id)
        .put("name", name)
        .set("input", input.deepCopy());
    return new Reply(more, usage);
  }

  Reply bash(String id, String command) {
    return call(id, "bash", Json.object().put("command", command));
  }

  Reply write(String id, String path, String text) {
    return call(id, "write", Json.object().put("file_path", path).put("content", text));
  }

  Reply read(String id, String path) {
    return call(id, "read", Json.object().put("file_path", path));
  }

  Reply costing(Tokens tokens) {
    return new Reply(content, tokens);
  }

  FakeMessage message() {
    FakeMessage message =
        FakeMessage.message()
            .usage(usage.input(), usage.output(), usage.cacheRead(), usage.cacheWrite());
    for (JsonNode block : content) {
      if (block.path("type").asText().equals("text")) {
        message.text(block.path("text").asText());
      } else {
        message.tool(
            block.path("id").asText(), block.path("name").asText(), block.path("input").toString());
      }
    }
    return message;
  }
}
