package dev.mainstay.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.tool.Tool;
import dev.mainstay.agent.tool.ToolSpec;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the tool calls of one assistant message: each with exactly one result, in their order.
 * Neighbouring read-only calls run in parallel; every other call runs alone.
 */
final class ToolRunner {
  static final String UNKNOWN_OUTCOME =
      "The run was interrupted while this call was under way, so its outcome is unknown: it may"
          + " have had no effect, some, or all of them. Check the state first, then decide what is"
          + " left to do.";
  static final String OUT_OF_TIME =
      "Stopped: the run reached its time limit while this call was under way.";
  static final String CUT =
      "This call was cut by the limit on the length of one answer, so it did not run. Make it"
          + " again in smaller steps.";

  private static final Logger log = LoggerFactory.getLogger(ToolRunner.class);

  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private final RunLog runLog;
  private final Deadline deadline;
  private final LiveListener live;
  private final InstantSource clock;
  private final int parallel;

  ToolRunner(
      List<Tool> tools,
      RunLog runLog,
      Deadline deadline,
      LiveListener live,
      InstantSource clock,
      int parallel) {
    for (Tool tool : tools) {
      if (this.tools.put(tool.spec().name(), tool) != null) {
        throw new IllegalArgumentException("Two tools are named " + tool.spec().name());
      }
    }
    this.runLog = runLog;
    this.deadline = deadline;
    this.live = live;
    this.clock = clock;
    this.parallel = parallel;
  }

  List<ToolSpec> specs() {
    return tools.values().stream().map(Tool::spec).toList();
  }

  /**
   * The starts of those calls of a new message that {@link #answer} begins with, so that they can
   * be committed with the message.
   *
   * @param cut whether the output limit cut the last of them
   */
  List<Journal.Start> first(List<ToolCall> calls, boolean cut) {
    Deque<ToolCall> open = new ArrayDeque<>(calls);
    String cutId = cutId(calls, cut);
    while (!open.isEmpty() && withoutRunning(open.element(), cutId) != null) {
      open.remove();
    }
    return open.isEmpty()
        ? List.of()
        : batch(open, cutId).stream().limit(parallel).map(this::start).toList();
  }

  private static String cutId(List<ToolCall> calls, boolean cut) {
    return cut ? calls.getLast().id() : "";
  }

  /**
   * Answers all of {@code calls}. The last outputs are left to be committed with the results.
   *
   * @param cut whether the output limit cut the last of them
   * @return the {@code tool_result} blocks, or empty if the deadline passed first
   */
  Optional<List<ObjectNode>> answer(List<ToolCall> calls, boolean cut) throws InterruptedException {
    Map<String, Tool.Output> answers = new HashMap<>();
    Deque<ToolCall> open = new ArrayDeque<>();
    for (ToolCall call : calls) {
      String output = call.output();
      if (call.state() == ToolCall.State.FINISHED) {
        answers.put(call.id(), new Tool.Output(output == null ? "" : output, call.isError()));
      } else {
        open.add(call);
      }
    }
    String cutId = cutId(calls, cut);
    while (!open.isEmpty()) {
      ToolCall call = open.element();
      Tool.Output answer = withoutRunning(call, cutId);
      if (answer != null) {
        open.remove();
        end(call.id(), answer, 0, answers);
      } else if (!runBatch(batch(open, cutId), answers)) {
        return Optional.empty();
      }
    }
    List<ObjectNode> blocks = new ArrayList<>();
    for (ToolCall call : calls) {
      Tool.Output answer = answers.get(call.id());
      if (answer == null) {
        throw new IllegalStateException("No answer to " + call.id());
      }
      blocks.add(Blocks.toolResult(call.id(), answer.text(), answer.isError()));
    }
    return Optional.of(blocks);
  }

  /** The answer to a call that must not run, or has run already; null if it is to run. */
  private Tool.@Nullable Output withoutRunning(ToolCall call, String cutId) {
    if (call.id().equals(cutId)) {
      return Tool.Output.error(CUT);
    }
    Tool tool = tools.get(call.name());
    if (tool == null) {
      return Tool.Output.error(
          "There is no tool named %s. There are: %s."
              .formatted(call.name(), String.join(", ", new TreeSet<>(tools.keySet()))));
    }
    if (call.input().size() == 1 && call.input().has(Replies.INVALID_INPUT)) {
      return Tool.Output.error(
          "The input was not a whole JSON object, so the call did not run. Make it again; if the"
              + " input is long, in smaller steps.");
    }
    return call.state() == ToolCall.State.STARTED && !tool.spec().readOnly()
        ? recovered(call, tool)
        : null;
  }

  private static Tool.@Nullable Output recovered(ToolCall call, Tool tool) {
    String checkpoint = call.checkpoint();
    Tool.Recovery recovery =
        checkpoint == null ? new Tool.Recovery.Unknown() : tool.recover(call.input(), checkpoint);
    return switch (recovery) {
      case Tool.Recovery.Done done -> done.output();
      case Tool.Recovery.NotDone notDone -> null;
      case Tool.Recovery.Unknown unknown -> Tool.Output.error(UNKNOWN_OUTCOME);
    };
  }

  /** Takes the calls from {@code open} that may run at once: one, or read-only neighbours. */
  private Deque<ToolCall> batch(Deque<ToolCall> open, String cutId) {
    Deque<ToolCall> batch = new ArrayDeque<>();
    batch.add(open.remove());
    if (readOnly(batch.getFirst())) {
      while (!open.isEmpty()
          && readOnly(open.element())
          && withoutRunning(open.element(), cutId) == null) {
        batch.add(open.remove());
      }
    }
    return batch;
  }

  private boolean readOnly(ToolCall call) {
    Tool tool = tools.get(call.name());
    return tool != null && tool.spec().readOnly();
  }

  private record Ran(Tool.Output output, long millis) {}

  /** Returns false if the deadline passed; all that was begun is finished then, as stopped. */
  private boolean runBatch(Deque<ToolCall> waiting, Map<String, Tool.Output> answers)
      throws InterruptedException {
    int running = 0;
    try (Work<Ran> work = new Work<>()) {
      while (running > 0 || !waiting.isEmpty()) {
        running += begin(work, waiting, parallel - running);
        Optional<Work.Done<Ran>> done = work.next(deadline.remaining());
        if (done.isEmpty()) {
          stop(work, answers);
          return false;
        }
        running--;
        end(done.get(), answers);
        // Without another start its commit would wait for calls that run.
        if (running > 0 && waiting.isEmpty()) {
          runLog.commitEnded();
        }
      }
      return true;
    }
  }

  /** Begins at most {@code atMost} of the calls that wait; returns how many. */
  private int begin(Work<Ran> work, Deque<ToolCall> waiting, int atMost)
      throws InterruptedException {
    List<ToolCall> calls = new ArrayList<>();
    while (calls.size() < atMost && !waiting.isEmpty()) {
      calls.add(waiting.remove());
    }
    runLog.startCalls(calls, this::start);
    calls.forEach(call -> begin(work, call));
    return calls.size();
  }

  private Journal.Start start(ToolCall call) {
    Tool tool = tool(call);
    return new Journal.Start(
        call.id(), tool.spec().readOnly() ? null : checkpoint(tool, call.input()));
  }

  private static @Nullable String checkpoint(Tool tool, JsonNode input) {
    try {
      return tool.checkpoint(input).map(Texts::sound).orElse(null);
    } catch (RuntimeException e) {
      log.warn("A tool cannot tell what a call is about to change", e);
      return null;
    }
  }

  private Tool tool(ToolCall call) {
    Tool tool = tools.get(call.name());
    if (tool == null) {
      throw new IllegalStateException("No tool " + call.name());
    }
    return tool;
  }

  private void begin(Work<Ran> work, ToolCall call) {
    Tool tool = tool(call);
    work.begin(
        call.id(),
        () -> {
          long start = clock.millis();
          Tool.Output output = tool.run(call.input(), text -> emit(call.id(), text));
          return new Ran(output, clock.millis() - start);
        });
  }

  private void stop(Work<Ran> work, Map<String, Tool.Output> answers) throws InterruptedException {
    for (Work.Done<Ran> done : work.giveUp()) {
      if (done.failure() instanceof InterruptedException) {
        end(done.key(), Tool.Output.error(OUT_OF_TIME), 0, answers);
      } else {
        end(done, answers);
      }
    }
    runLog.commitEnded();
  }

  private void end(Work.Done<Ran> done, Map<String, Tool.Output> answers) {
    Ran ran = done.value();
    if (ran != null) {
      end(done.key(), ran.output(), ran.millis(), answers);
      return;
    }
    Throwable failure = done.failure();
    if (failure instanceof Error && !(failure instanceof StackOverflowError)) {
      throw Failures.unexpected(failure);
    }
    log.warn("A tool failed by itself", failure);
    end(
        done.key(),
        Tool.Output.error(
            "The tool failed: "
                + (failure == null ? "no reason" : failure.getClass().getSimpleName())
                + "."),
        0,
        answers);
  }

  private void end(String id, Tool.Output output, long millis, Map<String, Tool.Output> answers) {
    Tool.Output sound = new Tool.Output(Texts.sound(output.text()), output.isError());
    runLog.endCall(new Journal.Ended(id, sound.text(), sound.isError(), millis));
    answers.put(id, sound);
  }

  private void emit(String toolUseId, String text) {
    live.delta(
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "tool_output")
            .put("text", Texts.sound(text))
            .put("index", 0)
            .put("toolCallId", toolUseId));
  }
}
