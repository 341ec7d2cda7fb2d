package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The journal as one run sees it, with what it holds kept in memory, so that a step needs no read.
 * Used by the run's own thread only. Refuses every write once that thread is interrupted.
 */
final class RunLog {
  private final Journal journal;
  private final List<Message> messages;
  private final Set<String> started = new HashSet<>();
  private final List<Journal.Ended> ended = new ArrayList<>();
  private List<ToolCall> openCalls;
  private String stopReason;
  private Usage usage;
  private BigDecimal costUsd;
  private int turns;

  RunLog(Journal journal) throws InterruptedException {
    this.journal = journal;
    checkInterrupt();
    Journal.RunState state = journal.load();
    this.messages = new ArrayList<>(state.messages());
    this.openCalls = state.openCalls();
    this.stopReason = state.lastStopReason().orElse("end_turn");
    this.usage = state.usage();
    this.costUsd = state.costUsd();
    this.turns = state.turns();
  }

  List<Message> messages() {
    return List.copyOf(messages);
  }

  /** The calls of the last message, as they were when it was committed or loaded. */
  List<ToolCall> openCalls() {
    return openCalls;
  }

  /** Whether this run has begun a call of the last assistant message. */
  boolean hasStarted() {
    return !started.isEmpty();
  }

  /** Why the last assistant message ended. */
  String stopReason() {
    return stopReason;
  }

  Usage usage() {
    return usage;
  }

  BigDecimal costUsd() {
    return costUsd;
  }

  int turns() {
    return turns;
  }

  /** Returns false if there was nothing to say. Commits what {@link #endCall} was told, too. */
  boolean appendUser(List<ObjectNode> blocks) throws InterruptedException {
    checkInterrupt();
    Optional<Message> message = journal.appendUser(blocks, takeEnded());
    message.ifPresent(messages::add);
    if (message.isPresent()) {
      openCalls = List.of();
    }
    return message.isPresent();
  }

  /**
   * Commits an assistant message.
   *
   * @param starting the calls that begin at once
   */
  void appendAssistant(
      List<ObjectNode> content, Journal.ModelCall call, List<Journal.Start> starting)
      throws InterruptedException {
    checkInterrupt();
    messages.add(journal.appendAssistant(content, call, starting));
    started.clear();
    starting.forEach(start -> started.add(start.toolUseId()));
    openCalls = Blocks.calls(content);
    stopReason = call.stopReason();
    turns++;
    charge(call);
  }

  void recordFailedCall(Journal.ModelCall call) throws InterruptedException {
    checkInterrupt();
    journal.recordFailedCall(call);
    charge(call);
  }

  void appendSummary(List<ObjectNode> content, Journal.ModelCall call) throws InterruptedException {
    checkInterrupt();
    Message summary = journal.appendSummary(content, call);
    messages.clear();
    messages.add(summary);
    openCalls = List.of();
    charge(call);
  }

  /**
   * Commits the start of those of {@code calls} that have none yet, and what has ended.
   *
   * @param start makes the start of such a call
   */
  void startCalls(List<ToolCall> calls, Function<ToolCall, Journal.Start> start)
      throws InterruptedException {
    // A call that a crash cut and that runs again is STARTED already, and states only move forward.
    List<Journal.Start> starting =
        calls.stream()
            .filter(call -> call.state() == ToolCall.State.PENDING)
            .filter(call -> started.add(call.id()))
            .map(start)
            .toList();
    if (!starting.isEmpty() || !ended.isEmpty()) {
      advance(starting);
    }
  }

  /** Notes what a call brought; the next commit, which must come at once, holds it. */
  void endCall(Journal.Ended call) {
    ended.add(call);
  }

  /** Commits what {@link #endCall} was told. */
  void commitEnded() throws InterruptedException {
    if (!ended.isEmpty()) {
      advance(List.of());
    }
  }

  private void advance(List<Journal.Start> starting) throws InterruptedException {
    checkInterrupt();
    journal.advance(takeEnded(), starting);
  }

  private List<Journal.Ended> takeEnded() {
    List<Journal.Ended> taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  private void charge(Journal.ModelCall call) {
    usage = usage.plus(call.usage());
    BigDecimal cost = call.costUsd();
    if (cost != null) {
      costUsd = costUsd.add(cost);
    }
  }

  private static void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
