package dev.mainstay.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Content blocks of the Messages API. */
final class Blocks {
  private Blocks() {}

  static ObjectNode text(String text) {
    return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
  }

  static ObjectNode toolResult(String toolUseId, String output, boolean isError) {
    ObjectNode block =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "tool_result")
            .put("tool_use_id", toolUseId)
            .put("content", output);
    return isError ? block.put("is_error", true) : block;
  }

  static String type(JsonNode block) {
    return block.path("type").asText("");
  }

  static boolean isToolUse(JsonNode block) {
    return type(block).equals("tool_use");
  }

  /** The text blocks of a message, one below the other. */
  static String textOf(List<ObjectNode> content) {
    return content.stream()
        .filter(block -> type(block).equals("text"))
        .map(block -> block.path("text").asText(""))
        .filter(text -> !text.isBlank())
        .collect(Collectors.joining("\n\n"));
  }

  /** True if there is nothing that a conversation could go on from: no text, no call. */
  static boolean saysNothing(List<ObjectNode> content) {
    return content.stream()
        .allMatch(
            block ->
                switch (type(block)) {
                  case "text" -> block.path("text").asText("").isBlank();
                  case "thinking", "redacted_thinking" -> true;
                  default -> false;
                });
  }

  /** The calls of an assistant message that was committed just now. */
  static List<ToolCall> calls(List<ObjectNode> content) {
    List<ToolCall> calls = new ArrayList<>();
    for (ObjectNode block : content) {
      if (isToolUse(block)) {
        JsonNode input = block.path("input");
        calls.add(
            new ToolCall(
                block.path("id").asText(),
                block.path("name").asText(),
                input instanceof ObjectNode object ? object : block.objectNode(),
                ToolCall.State.PENDING,
                null,
                null,
                false));
      }
    }
    return calls;
  }
}
