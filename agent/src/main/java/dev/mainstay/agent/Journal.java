package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of one run, and the only way in which the agent loop changes anything outside
 * its workspace. Each method is one transaction that is on disk when it returns, and that writes
 * the matching event in the same transaction. Every write is conditional on the run's lease: a
 * journal whose lease is lost throws {@link LeaseLostException} and has written nothing.
 *
 * <p>Implementations are used by one run at a time, but from several threads (parallel tool calls).
 */
public interface Journal {

  /** All that a run needs to go on from its last committed step. Empty messages: nothing began. */
  RunState load();

  /**
   * Commits a user message made of {@code blocks} followed by one text block for each steering
   * message that waits, which are thereby taken; if both are empty there is no message. With it
   * comes what {@link #advance} does for {@code ended}.
   *
   * @return the committed message, or empty if there was nothing to say
   */
  Optional<Message> appendUser(List<ObjectNode> blocks, List<Ended> ended);

  /**
   * Commits an assistant message, one {@link ToolCall} for each {@code tool_use} block in it, and
   * what the call cost.
   *
   * @param started the calls that begin at once: {@link ToolCall.State#STARTED}, as in {@link
   *     #advance}; all others are {@link ToolCall.State#PENDING}
   */
  Message appendAssistant(List<ObjectNode> content, ModelCall call, List<Start> started);

  /** Commits what a model call cost that ended without a message (cut, refused, timed out). */
  void recordFailedCall(ModelCall call);

  /**
   * Commits a summary that replaces, for the model, every message before it. The log stays whole;
   * {@link RunState#messages()} begins with the summary from now on.
   */
  Message appendSummary(List<ObjectNode> content, ModelCall call);

  /**
   * Commits, together, the output, event and {@link ToolCall.State#FINISHED} of the calls that
   * ended, and {@link ToolCall.State#STARTED} of those that begin next; after a crash their tools
   * decide from the checkpoints what has happened.
   *
   * @param started {@link ToolCall.State#PENDING} calls
   */
  void advance(List<Ended> ended, List<Start> started);

  /**
   * A tool call that begins.
   *
   * @param checkpoint kept with the call, and part of it when it is loaded; null if there is none
   */
  record Start(String toolUseId, @Nullable String checkpoint) {}

  /** What a tool call brought. */
  record Ended(String toolUseId, String output, boolean isError, long durationMillis) {}

  /**
   * One model call.
   *
   * @param model the model that answered
   * @param costUsd null if the model has no known price
   * @param stopReason the API's {@code stop_reason}, or a word for the failure
   */
  record ModelCall(
      String model, Usage usage, @Nullable BigDecimal costUsd, String stopReason, long millis) {}

  /**
   * What is known of a run.
   *
   * @param messages the conversation as the model must see it, beginning with the newest summary
   * @param openCalls the tool calls of the last assistant message, in order, if no user message
   *     follows it yet; finished ones included
   * @param modelCalls calls made so far, failed ones included
   * @param turns assistant messages so far
   * @param lastStopReason the {@code stop_reason} of the last assistant message in {@code
   *     messages}: after a crash it tells an answer that was cut from one that is whole
   */
  record RunState(
      List<Message> messages,
      List<ToolCall> openCalls,
      Usage usage,
      BigDecimal costUsd,
      int modelCalls,
      int turns,
      Optional<String> lastStopReason) {
    public RunState {
      messages = List.copyOf(messages);
      openCalls = List.copyOf(openCalls);
    }

    /** For a journal that keeps no stop reasons: a last message without tool calls ends the run. */
    public RunState(
        List<Message> messages,
        List<ToolCall> openCalls,
        Usage usage,
        BigDecimal costUsd,
        int modelCalls,
        int turns) {
      this(messages, openCalls, usage, costUsd, modelCalls, turns, Optional.empty());
    }
  }
}
