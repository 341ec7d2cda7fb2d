package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.Prices;
import dev.mainstay.agent.tool.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** A loop with a clock that only waits move, over fakes that a test fills. */
final class Harness {
  static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  static final String MODEL = "claude-sonnet-5-5";

  final FakeModel model = new FakeModel();
  final FakeJournal journal = new FakeJournal();
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  final List<ObjectNode> deltas = new CopyOnWriteArrayList<>();
  final List<String> ran = new CopyOnWriteArrayList<>();
  final AtomicReference<Instant> now = new AtomicReference<>(START);
  private LoopSettings settings = LoopSettings.DEFAULT;
  private RunLimits limits = RunLimits.NONE;
  private String modelId = MODEL;
  List<Tool> tools = List.of(noting("read", true), noting("look", true), noting("bash", false));

  Harness limits(RunLimits other) {
    limits = other;
    return this;
  }

  Harness model(String id) {
    modelId = id;
    return this;
  }

  /** Conversations above {@code tokens} are summarized. */
  Harness compactAbove(long tokens) {
    settings =
        new LoopSettings(
            1000, 8, LoopSettings.Retry.DEFAULT, new LoopSettings.Compaction(1, Map.of(), tokens));
    return this;
  }

  FakeTool noting(String name, boolean readOnly) {
    return new FakeTool(
        name,
        readOnly,
        input -> {
          String id = input.path("id").asText();
          if (!journal.isStarted(id)) {
            throw new AssertionError("the call " + id + " runs before it is committed");
          }
          ran.add(id);
          return Tool.Output.ok("output of " + id);
        });
  }

  RunOutcome run() throws InterruptedException {
    Waits waiting =
        duration -> {
          waits.add(duration);
          now.updateAndGet(time -> time.plus(duration));
        };
    AgentTask task = new AgentTask("Do it.", "Be good.", modelId, limits, START);
    RandomGenerator half =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 1L << 63;
          }
        };
    return new AgentLoop(settings, Prices.builtIn(), now::get, waiting, half)
        .run(task, journal, model, tools, deltas::add);
  }

  /** The tool results of a request's last message. */
  static List<String> results(Message message) {
    return message.content().stream()
        .filter(block -> Blocks.type(block).equals("tool_result"))
        .map(block -> block.path("content").asText())
        .toList();
  }
}
