package dev.mainstay.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a model's reply may become part of the conversation. */
final class Replies {

  /**
   * The key that wraps an input which is no JSON object: such an input could neither be stored as a
   * call nor sent back to the API. The name is the one that the vendor's documentation proposes.
   */
  static final String INVALID_INPUT = "INVALID_JSON";

  private Replies() {}

  enum Verdict {
    GOOD,
    /** Must not be committed: the API refuses a message without content later on. */
    EMPTY,
    REFUSED,
    /** Tool calls that could not be answered one by one. */
    MALFORMED
  }

  static Verdict check(Reply reply) {
    if (reply.stopReason().equals("refusal")) {
      return Verdict.REFUSED;
    }
    Set<String> ids = new HashSet<>();
    for (ObjectNode block : reply.content()) {
      if (Blocks.isToolUse(block)) {
        String id = block.path("id").asText("");
        if (id.isEmpty() || !ids.add(id) || block.path("name").asText("").isEmpty()) {
          return Verdict.MALFORMED;
        }
      }
    }
    return Blocks.saysNothing(reply.content()) ? Verdict.EMPTY : Verdict.GOOD;
  }

  /** The content with every tool input an object; all else is left as it is. */
  static List<ObjectNode> normalized(Reply reply) {
    List<ObjectNode> content = new ArrayList<>();
    for (ObjectNode block : reply.content()) {
      JsonNode input = block.path("input");
      if (Blocks.isToolUse(block) && !input.isObject()) {
        ObjectNode copy = block.deepCopy();
        String raw = input.isTextual() ? input.textValue() : input.toString();
        copy.putObject("input").put(INVALID_INPUT, raw);
        content.add(copy);
      } else {
        content.add(block);
      }
    }
    return content;
  }

  /** True for an answer that the output limit or the window's end cut. */
  static boolean isCut(String stopReason) {
    return stopReason.equals("max_tokens") || stopReason.equals("model_context_window_exceeded");
  }
}
