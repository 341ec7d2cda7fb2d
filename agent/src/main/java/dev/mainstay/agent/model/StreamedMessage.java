package dev.mainstay.agent.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts a message together from its stream events. Each block begins as the JSON object that {@code
 * content_block_start} brought and grows by its deltas, so that blocks and fields which nobody here
 * knows stay as they came.
 *
 * <p>Source: the Messages API's streaming events ({@code message_start}, {@code
 * content_block_start|delta|stop}, {@code message_delta}, {@code message_stop}, {@code ping},
 * {@code error}); unknown events are to be ignored.
 */
final class StreamedMessage {
  private static final int MAX_BLOCKS = 10_000;

  private final LiveListener live;
  private final NavigableMap<Integer, Block> blocks = new TreeMap<>();
  private String model = "";
  private String stopReason = "";
  private boolean stopped;
  private volatile Usage usage = Usage.NONE;
  private final AtomicInteger parts = new AtomicInteger();

  StreamedMessage(LiveListener live) {
    this.live = live;
  }

  /** A block that grows. */
  private static final class Block {
    final ObjectNode json;
    final Map<String, StringBuilder> grown = new TreeMap<>();
    final StringBuilder input = new StringBuilder();
    boolean complete;

    Block(ObjectNode json) {
      this.json = json;
    }
  }

  /** Tokens so far, as far as the stream told. May be read from any thread. */
  Usage usage() {
    return usage;
  }

  /** Events so far that were more than a sign of life. May be read from any thread. */
  int parts() {
    return parts.get();
  }

  boolean stopped() {
    return stopped;
  }

  /** Takes one event. */
  void accept(String data) throws GarbledException, StreamErrorException {
    JsonNode event;
    try {
      event = Json.parse(data);
    } catch (JsonProcessingException e) {
      throw new GarbledException("an event that is not JSON");
    }
    String type = event.path("type").asText("");
    if (!type.equals("ping")) {
      parts.incrementAndGet();
    }
    switch (type) {
      case "message_start" -> {
        model = event.path("message").path("model").asText("");
        count(event.path("message").path("usage"));
      }
      case "content_block_start" -> start(event);
      case "content_block_delta" -> grow(event);
      case "content_block_stop" -> block(event).complete = true;
      case "message_delta" -> {
        JsonNode reason = event.path("delta").path("stop_reason");
        if (reason.isTextual()) {
          stopReason = reason.textValue();
        }
        count(event.path("usage"));
      }
      case "message_stop" -> stopped = true;
      case "error" ->
          throw new StreamErrorException(
              event.path("error").path("type").asText("error"),
              event.path("error").path("message").asText(""));
      default -> {
        // "ping", and events of a later version.
      }
    }
  }

  /** The whole message; only after {@link #stopped}. */
  ModelClient.Reply reply(String requestedModel) throws GarbledException {
    List<ObjectNode> content = new ArrayList<>();
    for (Map.Entry<Integer, Block> entry : blocks.entrySet()) {
      Block block = entry.getValue();
      if (!block.complete) {
        throw new GarbledException("a content block without an end");
      }
      block.grown.forEach((field, text) -> block.json.put(field, text.toString()));
      content.add(block.json);
      if (block.json.path("type").asText("").endsWith("tool_use")) {
        boolean last = entry.getKey().equals(blocks.lastKey());
        block.json.set("input", input(block, last && stopReason.equals("max_tokens")));
      }
    }
    return new ModelClient.Reply(
        model.isEmpty() ? requestedModel : model,
        content,
        stopReason.isEmpty() ? "end_turn" : stopReason,
        usage);
  }

  /**
   * A tool's input. One that is no JSON object (the output limit cut it, or the model wrote it
   * wrong) can neither be run nor be sent back, so it is wrapped as the vendor's documentation
   * proposes.
   */
  private static JsonNode input(Block block, boolean cut) {
    String text = block.input.toString();
    if (text.isBlank() && !cut) {
      JsonNode given = block.json.path("input");
      return given.isObject() ? given : block.json.objectNode();
    }
    try {
      JsonNode input = Json.parse(text);
      if (input.isObject()) {
        return input;
      }
    } catch (JsonProcessingException e) {
      // Wrapped below; its text is the model's, not an error of ours.
    }
    return block.json.objectNode().put("INVALID_JSON", text);
  }

  private void start(JsonNode event) throws GarbledException {
    int index = event.path("index").asInt(-1);
    if (index < 0 || blocks.size() >= MAX_BLOCKS || blocks.containsKey(index)) {
      throw new GarbledException("a content block that begins twice or has no index");
    }
    if (!(event.path("content_block") instanceof ObjectNode json)) {
      throw new GarbledException("a content block that is no object");
    }
    Block block = new Block(json.deepCopy());
    blocks.put(index, block);
    String text = json.path("text").asText("");
    if (!text.isEmpty()) {
      emit("text", text, index, block);
    }
  }

  private void grow(JsonNode event) throws GarbledException {
    Block block = block(event);
    int index = event.path("index").asInt();
    JsonNode delta = event.path("delta");
    switch (delta.path("type").asText("")) {
      case "text_delta" -> {
        append(block, "text", delta.path("text").asText(""));
        emit("text", delta.path("text").asText(""), index, block);
      }
      case "thinking_delta" -> {
        append(block, "thinking", delta.path("thinking").asText(""));
        emit("thinking", delta.path("thinking").asText(""), index, block);
      }
      case "signature_delta" -> block.json.set("signature", delta.path("signature"));
      case "input_json_delta" -> {
        block.input.append(delta.path("partial_json").asText(""));
        emit("tool_input", delta.path("partial_json").asText(""), index, block);
      }
      case "citations_delta" -> block.json.withArray("citations").add(delta.path("citation"));
      default -> merge(block, delta);
    }
  }

  /** A delta of a kind not known here: text grows, lists grow, all else is replaced. */
  private static void merge(Block block, JsonNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      if (field.getKey().equals("type")) {
        continue;
      }
      JsonNode value = field.getValue();
      JsonNode old = block.json.path(field.getKey());
      if (value.isTextual() && (old.isTextual() || old.isNull() || old.isMissingNode())) {
        append(block, field.getKey(), value.textValue());
      } else if (value instanceof ArrayNode more && old instanceof ArrayNode list) {
        list.addAll(more);
      } else {
        block.json.set(field.getKey(), value);
      }
    }
  }

  private static void append(Block block, String field, String text) {
    StringBuilder grown = block.grown.get(field);
    if (grown == null) {
      grown = new StringBuilder(block.json.path(field).asText(""));
      block.grown.put(field, grown);
    }
    grown.append(text);
  }

  private Block block(JsonNode event) throws GarbledException {
    Block block = blocks.get(event.path("index").asInt(-1));
    if (block == null || block.complete) {
      throw new GarbledException("a delta to a content block that is not open");
    }
    return block;
  }

  private void emit(String kind, String text, int index, Block block) {
    if (text.isEmpty()) {
      return;
    }
    ObjectNode delta =
        block.json.objectNode().put("kind", kind).put("text", text).put("index", index);
    if (kind.equals("tool_input")) {
      delta.put("toolCallId", block.json.path("id").asText(""));
    }
    live.delta(delta);
  }

  /** The API counts cumulatively: a figure that comes again replaces the earlier one. */
  private void count(JsonNode told) {
    Usage old = usage;
    usage =
        new Usage(
            tokens(told, "input_tokens", old.inputTokens()),
            tokens(told, "output_tokens", old.outputTokens()),
            tokens(told, "cache_read_input_tokens", old.cacheReadTokens()),
            tokens(told, "cache_creation_input_tokens", old.cacheWriteTokens()));
  }

  private static long tokens(JsonNode told, String field, long old) {
    JsonNode value = told.path(field);
    return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0
        ? value.longValue()
        : old;
  }

  /** The stream does not keep to the protocol. */
  static final class GarbledException extends Exception {
    private static final long serialVersionUID = 1L;

    GarbledException(String what) {
      super("The answer is garbled: " + what);
    }
  }

  /** The stream ended with an {@code error} event. */
  static final class StreamErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;

    StreamErrorException(String type, String message) {
      super(message);
      this.type = type;
    }

    String type() {
      return type;
    }
  }
}
