package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient.Request;
import java.util.List;
import java.util.Optional;

/** The steps of one run. */
final class LoopRun {
  private static final String GO_ON =
      "Your answer was cut by the limit on the length of one answer. Go on exactly where it"
          + " stopped.";

  /** Answers in a row that were cut or paused without a tool call; more is going in circles. */
  private static final int MAX_UNFINISHED = 8;

  private final AgentTask task;
  private final LoopSettings settings;
  private final RunLog log;
  private final Budget budget;
  private final ModelCaller caller;
  private final ToolRunner tools;
  private final Compactor compactor;
  private int unfinished;

  LoopRun(
      AgentTask task,
      LoopSettings settings,
      RunLog log,
      Budget budget,
      ModelCaller caller,
      ToolRunner tools,
      Compactor compactor) {
    this.task = task;
    this.settings = settings;
    this.log = log;
    this.budget = budget;
    this.caller = caller;
    this.tools = tools;
    this.compactor = compactor;
  }

  RunOutcome run() throws InterruptedException {
    if (log.messages().isEmpty()) {
      log.appendUser(List.of(Blocks.text(task.prompt())));
    } else if (last().role() == Message.Role.USER) {
      // Steering that came while the run was away.
      log.appendUser(List.of());
    }
    while (true) {
      Optional<? extends RunOutcome> outcome = step();
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
  }

  /** One model call and what must come before it. Returns the outcome if the run has ended. */
  private Optional<? extends RunOutcome> step() throws InterruptedException {
    if (last().role() == Message.Role.ASSISTANT) {
      Optional<? extends RunOutcome> outcome = settle();
      if (outcome.isPresent()) {
        return outcome;
      }
    }
    Optional<RunOutcome.Failed> exceeded = budget.exceeded();
    if (exceeded.isPresent()) {
      return exceeded;
    }
    if (compactor.due()) {
      return compactor.compact(true);
    }
    Request request =
        new Request(
            task.model(),
            task.instructions(),
            log.messages(),
            tools.specs(),
            settings.maxOutputTokens());
    return switch (caller.call(request)) {
      case ModelCaller.Result.Answered answered -> {
        log.appendAssistant(answered.content(), answered.call(), starting(answered));
        compactor.replied(answered.call().usage());
        if (answered.call().stopReason().equals("model_context_window_exceeded")) {
          compactor.mustCome();
        }
        yield Optional.empty();
      }
      case ModelCaller.Result.TooLong tooLong -> compactor.compact(false);
      case ModelCaller.Result.Stopped stopped -> Optional.of(stopped.failure());
    };
  }

  /** The calls of an answer that are to begin as soon as it is committed. */
  private List<Journal.Start> starting(ModelCaller.Result.Answered answered) {
    return budget.exceededWith(answered.call()).isPresent()
        ? List.of()
        : tools.first(
            Blocks.calls(answered.content()),
            isCallCut(answered.call().stopReason(), answered.content()));
  }

  private static boolean isCallCut(String stopReason, List<ObjectNode> content) {
    return Replies.isCut(stopReason) && Blocks.isToolUse(content.getLast());
  }

  /** Makes the last assistant message one that a model call may follow, or ends the run. */
  private Optional<? extends RunOutcome> settle() throws InterruptedException {
    String stopReason = log.stopReason();
    if (!log.openCalls().isEmpty()) {
      unfinished = 0;
      return answerCalls(isCallCut(stopReason, last().content()));
    }
    boolean paused = stopReason.equals("pause_turn");
    if (paused || Replies.isCut(stopReason)) {
      if (++unfinished > MAX_UNFINISHED) {
        return Optional.of(
            new RunOutcome.Failed(
                "model_error",
                "The model ended %d answers in a row unfinished (%s)."
                    .formatted(unfinished, stopReason)));
      }
      if (!paused) {
        log.appendUser(List.of(Blocks.text(GO_ON)));
      }
      return Optional.empty();
    }
    unfinished = 0;
    if (log.appendUser(List.of())) {
      return Optional.empty();
    }
    return Optional.of(new RunOutcome.Finished(Blocks.textOf(last().content())));
  }

  private Optional<RunOutcome.Failed> answerCalls(boolean cut) throws InterruptedException {
    // Their results would need a further call. Those that were started with their message are
    // ended.
    Optional<RunOutcome.Failed> exceeded = budget.exceeded();
    if (exceeded.isPresent() && !log.hasStarted()) {
      return exceeded;
    }
    Optional<List<ObjectNode>> results = tools.answer(log.openCalls(), cut);
    if (results.isEmpty()) {
      return Optional.of(budget.durationExceeded());
    }
    log.appendUser(results.get());
    return Optional.empty();
  }

  private Message last() {
    return log.messages().getLast();
  }
}
