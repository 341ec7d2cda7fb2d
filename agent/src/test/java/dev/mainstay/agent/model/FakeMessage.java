package dev.mainstay.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Writes the stream events of one assistant message as the Messages API sends them. */
public final class FakeMessage {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final List<String> blocks = new ArrayList<>();
  private String model = "claude-sonnet-5-5";
  private long input = 10;
  private long output = 5;
  private long cacheRead;
  private long cacheWrite;
  private String stopReason = "end_turn";
  private int index;

  public static FakeMessage message() {
    return new FakeMessage();
  }

  public FakeMessage model(String name) {
    model = name;
    return this;
  }

  public FakeMessage usage(long inputTokens, long outputTokens, long read, long write) {
    input = inputTokens;
    output = outputTokens;
    cacheRead = read;
    cacheWrite = write;
    return this;
  }

  public FakeMessage stop(String reason) {
    stopReason = reason;
    return this;
  }

  /** A text block in chunks of at most eight characters. */
  public FakeMessage text(String text) {
    start(object().put("type", "text").put("text", ""));
    for (String chunk : chunks(text)) {
      delta(object().put("type", "text_delta").put("text", chunk));
    }
    return end();
  }

  public FakeMessage thinking(String thinking, String signature) {
    start(object().put("type", "thinking").put("thinking", "").put("signature", ""));
    for (String chunk : chunks(thinking)) {
      delta(object().put("type", "thinking_delta").put("thinking", chunk));
    }
    delta(object().put("type", "signature_delta").put("signature", signature));
    return end();
  }

  /** A call whose input arrives in chunks; {@code inputJson} need not be whole. */
  public FakeMessage tool(String id, String name, String inputJson) {
    ObjectNode block = object().put("type", "tool_use").put("id", id).put("name", name);
    block.putObject("input");
    start(block);
    delta(object().put("type", "input_json_delta").put("partial_json", ""));
    for (String chunk : chunks(inputJson)) {
      delta(object().put("type", "input_json_delta").put("partial_json", chunk));
    }
    if (stopReason.equals("end_turn")) {
      stopReason = "tool_use";
    }
    return end();
  }

  /** A block that arrives whole. */
  public FakeMessage block(ObjectNode block) {
    start(block);
    return end();
  }

  /** A block and deltas to it, as they are. */
  public FakeMessage block(ObjectNode block, List<ObjectNode> deltas) {
    start(block);
    deltas.forEach(this::delta);
    return end();
  }

  /** The events, each as one SSE frame without its blank line. */
  public List<String> events() {
    List<String> events = new ArrayList<>();
    ObjectNode start = object().put("type", "message_start");
    ObjectNode message = start.putObject("message");
    message.put("id", "msg_1").put("type", "message").put("role", "assistant").put("model", model);
    message.putArray("content");
    message
        .putObject("usage")
        .put("input_tokens", input)
        .put("output_tokens", 1)
        .put("cache_read_input_tokens", cacheRead)
        .put("cache_creation_input_tokens", cacheWrite);
    events.add(frame(start));
    events.add(frame(object().put("type", "ping")));
    events.addAll(blocks);
    ObjectNode end = object().put("type", "message_delta");
    end.putObject("delta").put("stop_reason", stopReason).putNull("stop_sequence");
    end.putObject("usage").put("output_tokens", output);
    events.add(frame(end));
    events.add(frame(object().put("type", "message_stop")));
    return events;
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static String frame(JsonNode event) {
    return "event: " + event.path("type").asText() + "\ndata: " + event;
  }

  private void start(ObjectNode block) {
    ObjectNode event = object().put("type", "content_block_start").put("index", index);
    event.set("content_block", block);
    blocks.add(frame(event));
  }

  private void delta(ObjectNode delta) {
    ObjectNode event = object().put("type", "content_block_delta").put("index", index);
    event.set("delta", delta);
    blocks.add(frame(event));
  }

  private FakeMessage end() {
    blocks.add(frame(object().put("type", "content_block_stop").put("index", index)));
    index++;
    return this;
  }

  private static List<String> chunks(String text) {
    List<String> chunks = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      int end = Math.min(text.length(), i + 8);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end++;
      }
      chunks.add(text.substring(i, end));
      i = end;
    }
    return chunks;
  }
}
