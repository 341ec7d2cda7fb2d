package dev.mainstay.agent.model;

import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.Message;
import dev.mainstay.agent.tool.ToolSpec;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A request as it goes over the wire. Stored blocks go as they are, with three differences: cache
 * breakpoints are set, neighbours of one role become one message, and text blocks without text,
 * which the API sends but refuses to take back, are left out.
 *
 * <p>Breakpoints (at most four are allowed): the last tool, the system prompt, and the last two
 * user messages. The older of these is where the call before this one wrote its cache; naming it
 * makes the hit sure even after a step with more blocks than the API looks back.
 */
final class WireRequest {
  private static final int USER_BREAKPOINTS = 2;

  private WireRequest() {}

  /** What the SDK itself must know of the request; the body on the wire is {@link #body}. */
  static MessageCreateParams outline(ModelClient.Request request) {
    return MessageCreateParams.builder()
        .model(request.model())
        .maxTokens(request.maxOutputTokens())
        .messages(List.of())
        .build();
  }

  /** The request's JSON, in UTF-8. */
  static byte[] body(ModelClient.Request request, Thinking thinking) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", request.model()).put("max_tokens", request.maxOutputTokens());
    body.put("stream", true);
    thinking.json().ifPresent(json -> body.set("thinking", json));
    if (!request.tools().isEmpty()) {
      body.set("tools", tools(request));
    }
    if (!request.instructions().isBlank()) {
      body.set("system", system(request.instructions()));
    }
    body.set("messages", messages(request));
    try {
      return Json.MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree that is no JSON", e);
    }
  }

  static ArrayNode messages(ModelClient.Request request) {
    ArrayNode wire = JsonNodeFactory.instance.arrayNode();
    for (Message message : request.messages()) {
      String role = message.role() == Message.Role.USER ? "user" : "assistant";
      ArrayNode content = JsonNodeFactory.instance.arrayNode();
      for (ObjectNode block : message.content()) {
        if (!isBlankText(block)) {
          content.add(block);
        }
      }
      if (content.isEmpty()) {
        continue;
      }
      JsonNode last = wire.path(wire.size() - 1);
      if (last.path("role").asText("").equals(role)) {
        content(last).addAll(content);
      } else {
        wire.addObject().put("role", role).set("content", content);
      }
    }
    int breakpoints = USER_BREAKPOINTS;
    for (int i = wire.size() - 1; i >= 0 && breakpoints > 0; i--) {
      if (wire.path(i).path("role").asText("").equals("user")) {
        ArrayNode content = content(wire.path(i));
        int last = content.size() - 1;
        // The block itself is the conversation's own.
        ObjectNode marked = content.path(last).deepCopy();
        mark(marked);
        content.set(last, marked);
        breakpoints--;
      }
    }
    return wire;
  }

  private static ArrayNode content(JsonNode message) {
    return (ArrayNode) message.path("content");
  }

  private static ArrayNode system(String instructions) {
    ArrayNode system = JsonNodeFactory.instance.arrayNode();
    mark(system.addObject().put("type", "text").put("text", instructions));
    return system;
  }

  private static ArrayNode tools(ModelClient.Request request) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    for (ToolSpec spec : request.tools()) {
      ObjectNode tool = tools.addObject().put("name", spec.name());
      tool.put("description", spec.description()).set("input_schema", spec.inputSchema());
    }
    mark((ObjectNode) tools.path(tools.size() - 1));
    return tools;
  }

  private static void mark(ObjectNode block) {
    block.putObject("cache_control").put("type", "ephemeral");
  }

  private static boolean isBlankText(JsonNode block) {
    return block.path("type").asText("").equals("text") && block.path("text").asText("").isBlank();
  }
}
