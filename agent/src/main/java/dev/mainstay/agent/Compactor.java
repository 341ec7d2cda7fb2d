package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient.Request;
import dev.mainstay.agent.model.SummaryRequest;
import dev.mainstay.agent.tool.ToolSpec;
import java.util.List;
import java.util.Optional;

/**
 * Replaces a conversation that becomes too long by a summary that the model writes. The journal
 * keeps everything; only what the model is shown begins anew. Called between an answered step and
 * the next model call, so no tool call is ever parted from its result.
 *
 * <p>A conversation that is still too long right after its summary ends the run: repeating would
 * spend money without a step forward.
 */
final class Compactor {
  /**
   * Characters to a token, where no figure from the API is at hand. If that makes a conversation
   * look too short, the API's refusal brings the summary.
   */
  private static final int CHARS_PER_TOKEN = 4;

  /** The task is repeated word for word after a summary, up to this length in characters. */
  private static final int MAX_PROMPT = 32 * 1024;

  private static final int MAX_TEXTLESS_SUMMARIES = 2;

  private final LoopSettings settings;
  private final AgentTask task;
  private final List<ToolSpec> tools;
  private final ModelCaller caller;
  private final RunLog log;
  private long size;
  private boolean nothingSinceSummary;

  Compactor(
      LoopSettings settings, AgentTask task, List<ToolSpec> tools, ModelCaller caller, RunLog log) {
    this.settings = settings;
    this.task = task;
    this.tools = tools;
    this.caller = caller;
    this.log = log;
    // After a restart the last call's figures are not at hand.
    this.size = estimate(log.messages());
  }

  /** Notes how long the conversation was with the last reply in it. */
  void replied(Usage usage) {
    size = usage.total();
    if (!due()) {
      nothingSinceSummary = false;
    }
  }

  /** Whether a summary must come before the next call. */
  boolean due() {
    return size > settings.compaction().limit(task.model());
  }

  /** Makes the next call come after a summary, whatever the size. */
  void mustCome() {
    size = Long.MAX_VALUE;
  }

  /**
   * Makes the summary.
   *
   * @param fits whether the conversation itself still fits the window
   * @return why the run must not go on; empty if it may
   */
  Optional<RunOutcome.Failed> compact(boolean fits) throws InterruptedException {
    if (nothingSinceSummary) {
      return Optional.of(stillTooLong());
    }
    Request request = fits ? whole() : shortened();
    for (int attempt = 1; ; attempt++) {
      switch (caller.call(request)) {
        case ModelCaller.Result.Answered answered -> {
          String summary = Blocks.textOf(answered.content());
          if (!summary.isEmpty()) {
            log.appendSummary(List.of(message(summary)), answered.call());
            nothingSinceSummary = true;
            size = 0;
            return Optional.empty();
          }
          log.recordFailedCall(answered.call());
          if (attempt >= MAX_TEXTLESS_SUMMARIES) {
            return Optional.of(
                new RunOutcome.Failed(
                    "context_overflow",
                    "The conversation had to be summarized, and the model wrote no summary."));
          }
          // Calls instead of text: a plain transcript offers nothing to call.
          request = shortened();
        }
        case ModelCaller.Result.TooLong tooLong -> {
          if (!fits) {
            return Optional.of(stillTooLong());
          }
          fits = false;
          request = shortened();
        }
        case ModelCaller.Result.Stopped stopped -> {
          return Optional.of(stopped.failure());
        }
      }
    }
  }

  RunOutcome.Failed stillTooLong() {
    return new RunOutcome.Failed(
        "context_overflow",
        "The conversation is longer than the model %s can take (%d tokens), even summarized."
            .formatted(task.model(), settings.compaction().window(task.model())));
  }

  /** The same conversation, so that the prompt cache still serves, and the instruction. */
  private Request whole() {
    return Conversations.withText(request(log.messages(), tools), SummaryRequest.INSTRUCTION);
  }

  /** What is left of the conversation as text, if it does not fit any more. */
  private Request shortened() {
    long window = settings.compaction().window(task.model());
    long room = window - Math.min(settings.maxOutputTokens(), window / 2);
    // Two characters to a token: code and other scripts run below the usual four.
    int chars = Math.clamp(room * 2, 4_000, 4_000_000);
    String transcript = Conversations.transcript(log.messages(), chars);
    Message message = new Message("", Message.Role.USER, List.of(Blocks.text(transcript)));
    return Conversations.withText(request(List.of(message), List.of()), SummaryRequest.INSTRUCTION);
  }

  private Request request(List<Message> messages, List<ToolSpec> offered) {
    return new Request(
        task.model(), task.instructions(), messages, offered, settings.maxOutputTokens());
  }

  private ObjectNode message(String summary) {
    String prompt =
        task.prompt().length() <= MAX_PROMPT
            ? task.prompt()
            : Texts.sound(task.prompt().substring(0, MAX_PROMPT)) + "\n[… cut …]";
    return Blocks.text(
        "The conversation so far became too long and was replaced by this summary of it."
            + " Go on from here; do not begin anew.\n\n<summary>\n"
            + summary
            + "\n</summary>\n\nThe task, word for word:\n\n"
            + prompt);
  }

  private static long estimate(List<Message> messages) {
    long chars = 0;
    for (Message message : messages) {
      for (ObjectNode block : message.content()) {
        chars += block.toString().length();
      }
    }
    return chars / CHARS_PER_TOKEN;
  }
}
