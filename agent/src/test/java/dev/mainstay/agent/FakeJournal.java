package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A journal in memory that holds callers to the contract, and that can crash its caller before or
 * after any of its commits.
 */
public final class FakeJournal implements Journal {
  private final List<Message> log = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private final List<ModelCall> modelCalls = new ArrayList<>();
  private final List<String> operations = new ArrayList<>();
  private final Deque<String> steering = new ArrayDeque<>();
  private int visibleFrom;
  private int turns;
  private Optional<String> stopReason = Optional.empty();
  private boolean leaseLost;
  private int crashAt = -1;
  private boolean crashAfterCommit;

  /** Thrown in place of the process's end. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Crashes once, at the operation with this index.
   *
   * @param afterCommit whether what it was to write is there then
   */
  public synchronized FakeJournal crashAt(int operation, boolean afterCommit) {
    crashAt = operation;
    crashAfterCommit = afterCommit;
    return this;
  }

  public synchronized FakeJournal steer(String text) {
    steering.add(text);
    return this;
  }

  public synchronized void loseLease() {
    leaseLost = true;
  }

  /** Every message ever committed, summaries included. */
  public synchronized List<Message> log() {
    return List.copyOf(log);
  }

  public synchronized List<ToolCall> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<ModelCall> modelCalls() {
    return List.copyOf(modelCalls);
  }

  public synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  @Override
  public synchronized RunState load() {
    Usage usage = modelCalls.stream().map(ModelCall::usage).reduce(Usage.NONE, Usage::plus);
    BigDecimal cost =
        modelCalls.stream()
            .map(call -> call.costUsd() == null ? BigDecimal.ZERO : call.costUsd())
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    List<Message> visible = log.subList(visibleFrom, log.size());
    return new RunState(visible, open(), usage, cost, modelCalls.size(), turns, stopReason);
  }

  @Override
  public synchronized Optional<Message> appendUser(List<ObjectNode> blocks, List<Ended> ended) {
    return write(
        "user",
        () -> {
          ended.forEach(this::finish);
          List<ObjectNode> content = new ArrayList<>(blocks);
          steering.forEach(text -> content.add(Blocks.text(text)));
          steering.clear();
          if (content.isEmpty()) {
            return Optional.empty();
          }
          List<String> expected = open().stream().map(ToolCall::id).toList();
          List<String> answered =
              blocks.stream()
                  .filter(block -> Blocks.type(block).equals("tool_result"))
                  .map(block -> block.path("tool_use_id").asText())
                  .toList();
          check(answered.equals(expected), "results " + answered + " for calls " + expected);
          check(
              open().stream().allMatch(call -> call.state() == ToolCall.State.FINISHED),
              "a call is not finished");
          return Optional.of(add(Message.Role.USER, content));
        });
  }

  @Override
  public synchronized Message appendAssistant(
      List<ObjectNode> content, ModelCall call, List<Start> started) {
    return write(
        "assistant",
        () -> {
          check(!content.isEmpty(), "an empty assistant message");
          check(!log.isEmpty() && open().isEmpty(), "an assistant message before its turn");
          for (ToolCall made : Blocks.calls(content)) {
            check(calls.stream().noneMatch(c -> c.id().equals(made.id())), "a call twice");
            calls.add(made);
          }
          started.forEach(this::start);
          modelCalls.add(call);
          turns++;
          stopReason = Optional.of(call.stopReason());
          return add(Message.Role.ASSISTANT, content);
        });
  }

  @Override
  public synchronized void recordFailedCall(ModelCall call) {
    write("failed", () -> modelCalls.add(call));
  }

  @Override
  public synchronized Message appendSummary(List<ObjectNode> content, ModelCall call) {
    return write(
        "summary",
        () -> {
          check(open().isEmpty(), "a summary between a call and its result");
          modelCalls.add(call);
          Message message = add(Message.Role.USER, content);
          visibleFrom = log.size() - 1;
          return message;
        });
  }

  @Override
  public synchronized void advance(List<Ended> ended, List<Start> started) {
    check(!ended.isEmpty() || !started.isEmpty(), "a commit of nothing");
    write(
        "advance",
        () -> {
          ended.forEach(this::finish);
          started.forEach(this::start);
          return true;
        });
  }

  /** Whether this call is known to have begun; asked by a tool that runs. */
  public synchronized boolean isStarted(String toolUseId) {
    return calls.stream()
        .anyMatch(call -> call.id().equals(toolUseId) && call.state() == ToolCall.State.STARTED);
  }

  private void start(Start call) {
    move(
        call.toolUseId(),
        ToolCall.State.PENDING,
        old ->
            new ToolCall(
                old.id(),
                old.name(),
                old.input(),
                ToolCall.State.STARTED,
                call.checkpoint(),
                null,
                false));
  }

  private void finish(Ended call) {
    move(
        call.toolUseId(),
        null,
        old ->
            new ToolCall(
                old.id(),
                old.name(),
                old.input(),
                ToolCall.State.FINISHED,
                old.checkpoint(),
                call.output(),
                call.isError()));
  }

  private void move(String id, ToolCall.@Nullable State from, UnaryOperator<ToolCall> change) {
    for (int i = 0; i < calls.size(); i++) {
      ToolCall call = calls.get(i);
      if (call.id().equals(id)) {
        check(call.state() != ToolCall.State.FINISHED, "a finished call moves");
        check(from == null || call.state() == from, "a call starts twice");
        calls.set(i, change.apply(call));
        return;
      }
    }
    throw new AssertionError("No call " + id);
  }

  private List<ToolCall> open() {
    if (log.isEmpty() || log.getLast().role() != Message.Role.ASSISTANT) {
      return List.of();
    }
    List<String> ids = Blocks.calls(log.getLast().content()).stream().map(ToolCall::id).toList();
    return calls.stream().filter(call -> ids.contains(call.id())).toList();
  }

  private Message add(Message.Role role, List<ObjectNode> content) {
    Message message = new Message("m" + log.size(), role, content);
    log.add(message);
    return message;
  }

  private <T> T write(String operation, Supplier<T> commit) {
    if (leaseLost) {
      throw new LeaseLostException("The lease is lost");
    }
    check(!Thread.currentThread().isInterrupted(), "a write after an interrupt");
    boolean crash = operations.size() == crashAt;
    operations.add(operation);
    if (crash && !crashAfterCommit) {
      throw new Crash();
    }
    T result = commit.get();
    if (crash) {
      throw new Crash();
    }
    return result;
  }

  private static void check(boolean condition, String violation) {
    if (!condition) {
      throw new AssertionError(violation);
    }
  }
}
