package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One tool call of an assistant message, as the journal holds it.
 *
 * @param id the model's {@code tool_use} id
 * @param checkpoint what the tool said right before the call began, see {@link
 *     dev.mainstay.agent.tool.Tool#checkpoint}; null if nothing, or if the call has not begun
 * @param output null until the call has finished
 */
public record ToolCall(
    String id,
    String name,
    ObjectNode input,
    State state,
    @Nullable String checkpoint,
    @Nullable String output,
    boolean isError) {

  /** Moves only forward: {@code PENDING → STARTED → FINISHED}, or {@code PENDING → FINISHED}. */
  public enum State {
    /** The assistant message is committed; the call has not begun. */
    PENDING,
    /** The call has begun: it may have had effects. */
    STARTED,
    /** Output is committed. */
    FINISHED
  }
}
