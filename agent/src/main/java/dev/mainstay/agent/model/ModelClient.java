package dev.mainstay.agent.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.Message;
import dev.mainstay.agent.Usage;
import dev.mainstay.agent.tool.ToolSpec;
import java.util.List;

/**
 * A language model that speaks in Anthropic content blocks. Thread-safe; one call per run at a
 * time.
 */
public interface ModelClient {

  /** True for a model that plays a written scenario; wherever a run shows, this shows too. */
  boolean scripted();

  /**
   * Makes one attempt at one model call, streaming. Returns only if the stream ended with {@code
   * message_stop}; everything else is a {@link ModelException}. The caller retries.
   *
   * @throws InterruptedException if the calling thread is interrupted, within a second of it
   */
  Reply call(Request request, LiveListener live) throws ModelException, InterruptedException;

  /**
   * @param instructions the system prompt; stable during a run, so that it can be cached
   */
  record Request(
      String model,
      String instructions,
      List<Message> messages,
      List<ToolSpec> tools,
      int maxOutputTokens) {
    public Request {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }
  }

  /**
   * @param model the model that answered, as it names itself
   * @param stopReason the API's word: {@code end_turn}, {@code tool_use}, {@code max_tokens}, …
   */
  record Reply(String model, List<ObjectNode> content, String stopReason, Usage usage) {
    public Reply {
      content = List.copyOf(content);
    }
  }
}
