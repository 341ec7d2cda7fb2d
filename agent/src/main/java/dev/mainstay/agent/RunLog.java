package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The journal as one run sees it, with what it holds kept in memory, so that a step needs no read.
 * Used by the run's own thread only. Refuses every write once that thread is interrupted.
 */
final class RunLog {
  private final Journal journal;
  private final List<Message> messages;
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

  /** Returns false if there was nothing to say. */
  boolean appendUser(List<ObjectNode> blocks) throws InterruptedException {
    checkInterrupt();
    Optional<Message> message = journal.appendUser(blocks);
    message.ifPresent(messages::add);
    if (message.isPresent()) {
      openCalls = List.of();
    }
    return message.isPresent();
  }

  void appendAssistant(List<ObjectNode> content, Journal.ModelCall call)
      throws InterruptedException {
    checkInterrupt();
    messages.add(journal.appendAssistant(content, call));
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

  void startCall(String id) throws InterruptedException {
    checkInterrupt();
    journal.startCall(id);
  }

  void finishCall(String id, String output, boolean isError, long millis)
      throws InterruptedException {
    checkInterrupt();
    journal.finishCall(id, output, isError, millis);
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
