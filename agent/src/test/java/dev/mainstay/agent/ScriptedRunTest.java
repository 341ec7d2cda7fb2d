package dev.mainstay.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.agent.model.Prices;
import dev.mainstay.agent.model.ScriptedModel;
import dev.mainstay.agent.tool.Tool;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedRunTest {
  private static final String TWO_STEPS =
      """
      {"replies": [
        {"text": ["I ", "look."], "tools": [{"name": "read", "input": {"file_path": "a"}}]},
        {"tools": [{"name": "read", "input": {"file_path": "b"}}]},
        {"text": "Seen both."}
      ]}
      """;

  private final FakeJournal journal = new FakeJournal();
  private final List<String> read = new ArrayList<>();
  private final List<ObjectNode> deltas = new ArrayList<>();
  private final FakeTool tool =
      new FakeTool(
          "read",
          true,
          input -> {
            read.add(input.path("file_path").asText());
            return Tool.Output.ok("x".repeat(2000));
          });

  @Test
  void playsItsScenarioForNothing() throws InterruptedException {
    RunLimits oneCent =
        new RunLimits(
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.of(new BigDecimal("0.01")),
            Optional.empty());
    assertThat(run(ScriptedModel.parse(TWO_STEPS, 1), LoopSettings.DEFAULT, oneCent))
        .isEqualTo(new RunOutcome.Finished("Seen both."));
    assertThat(read).containsExactly("a", "b");
    assertThat(journal.modelCalls())
        .allSatisfy(
            call -> {
              assertThat(call.costUsd()).isEqualByComparingTo("0");
              assertThat(call.model()).isEqualTo("scripted");
              assertThat(call.usage().total()).isPositive();
            });
    assertThat(deltas.stream().filter(d -> d.path("kind").asText().equals("text")))
        .extracting(d -> d.path("text").asText())
        .containsExactly("I ", "look.", "Seen both.");
  }

  @Test
  void goesOnAfterACrashAndAfterASummary() throws InterruptedException {
    LoopSettings small =
        new LoopSettings(
            1000, 8, LoopSettings.Retry.DEFAULT, new LoopSettings.Compaction(1, Map.of(), 500));
    journal.crashAt(5, true);
    ScriptedModel model = ScriptedModel.parse(TWO_STEPS, 0);
    assertThatThrownBy(() -> run(model, small, RunLimits.NONE))
        .isInstanceOf(FakeJournal.Crash.class);
    assertThat(run(ScriptedModel.parse(TWO_STEPS, 0), small, RunLimits.NONE))
        .isEqualTo(new RunOutcome.Finished("Seen both."));
    assertThat(journal.operations()).contains("summary");
    assertThat(journal.calls()).extracting(ToolCall::id).doesNotHaveDuplicates().hasSize(2);
    assertThat(journal.calls())
        .extracting(c -> c.input().path("file_path").asText())
        .containsExactly("a", "b");
  }

  @Test
  void saysSoWhenTheScenarioIsOver() throws Exception {
    Message hello = new Message("1", Message.Role.USER, List.of(Blocks.text("hi")));
    Message reply = new Message("2", Message.Role.ASSISTANT, List.of(Blocks.text("x")));
    ModelClient.Reply last =
        ScriptedModel.parse("{\"replies\": [{\"text\": \"only\"}]}", 0)
            .call(
                new ModelClient.Request("m", "1234", List.of(hello, reply, hello), List.of(), 100),
                LiveListener.NONE);
    assertThat(Blocks.textOf(last.content())).contains("over");
    // 4 characters of instructions, and blocks of 27, 26 and 27
    assertThat(last.usage().inputTokens()).isEqualTo(21);
    assertThat(last.usage().outputTokens())
        .isEqualTo(Math.ceilDiv(last.content().getFirst().toString().length(), 4));
  }

  @Test
  void playsTheDemonstrationInAboutFiveSeconds() throws InterruptedException {
    List<Duration> waits = new ArrayList<>();
    ScriptedModel demo = ScriptedModel.demo(1).waiting(waits::add);
    assertThat(summary(demo, "todo", "read", "bash", "edit", "write"))
        .startsWith("## Done")
        .contains("passes now");
    assertThat(waits.stream().collect(Collectors.summingLong(Duration::toMillis)))
        .isBetween(4000L, 6000L);
    assertThat(journal.calls())
        .extracting(ToolCall::name)
        .containsSubsequence("todo", "read", "bash", "edit", "bash", "write");
  }

  @Test
  void theDemonstrationClaimsNoTestWithoutAShell() throws InterruptedException {
    assertThat(summary(ScriptedModel.demo(0), "todo", "read", "edit", "write"))
        .startsWith("## Done")
        .contains("not run")
        .doesNotContain("passes");
    assertThat(journal.calls())
        .extracting(ToolCall::name)
        .containsSubsequence("todo", "read", "edit", "write")
        .doesNotContain("bash");
  }

  @ParameterizedTest
  @CsvSource({
    "todo read bash, edit",
    "todo read edit bash, write",
    "todo read edit, write",
    "read edit write, todo",
    "todo bash edit write, read"
  })
  void theDemonstrationSaysThatItFailed(String there, String missing) throws InterruptedException {
    assertThat(summary(ScriptedModel.demo(0), there.split(" "))).startsWith("## Not done");
    assertThat(journal.calls()).extracting(ToolCall::name).contains(missing);
  }

  @Test
  void theDemonstrationsTestMayFailAtFirstAndMustPassInTheEnd() throws InterruptedException {
    for (boolean repaired : List.of(true, false)) {
      FakeJournal other = new FakeJournal();
      AtomicInteger tests = new AtomicInteger();
      List<Tool> tools =
          List.of(
              working("todo"),
              working("read"),
              working("edit"),
              working("write"),
              new FakeTool(
                  "bash",
                  false,
                  input ->
                      tests.incrementAndGet() == 1 || !repaired
                          ? Tool.Output.error("FAIL")
                          : Tool.Output.ok("PASS")));
      assertThat(run(ScriptedModel.demo(0), LoopSettings.DEFAULT, RunLimits.NONE, other, tools))
          .isInstanceOfSatisfying(
              RunOutcome.Finished.class,
              done -> assertThat(done.summary()).startsWith(repaired ? "## Done" : "## Not done"));
      assertThat(tests).hasValue(2);
    }
  }

  private String summary(ScriptedModel model, String... names) throws InterruptedException {
    List<Tool> tools = Stream.of(names).<Tool>map(ScriptedRunTest::working).toList();
    RunOutcome outcome = run(model, LoopSettings.DEFAULT, RunLimits.NONE, journal, tools);
    return ((RunOutcome.Finished) outcome).summary();
  }

  private static FakeTool working(String name) {
    return new FakeTool(name, false, input -> Tool.Output.ok("done"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"replies\": []}",
        "{\"replies\": [{\"txt\": \"a\"}]}",
        "{\"replies\": [{\"tools\": [{\"name\": \"a\"}]}]}",
        "{\"replies\": [1]}",
        "{\"replies\": [{\"tools\": [{\"name\": \"a\", \"input\": {}, \"may\": true}]}]}"
      })
  void refusesWhatIsNoScenario(String json) {
    assertThatThrownBy(() -> ScriptedModel.parse(json, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private RunOutcome run(ScriptedModel model, LoopSettings settings, RunLimits limits)
      throws InterruptedException {
    return run(model, settings, limits, journal, List.of(tool));
  }

  private RunOutcome run(
      ScriptedModel model,
      LoopSettings settings,
      RunLimits limits,
      FakeJournal into,
      List<Tool> tools)
      throws InterruptedException {
    AgentTask task =
        new AgentTask("Fix it.", "Be good.", ScriptedModel.NAME, limits, Instant.EPOCH);
    return new AgentLoop(settings, Prices.builtIn(), InstantSource.fixed(Instant.EPOCH))
        .run(task, into, model, tools, deltas::add);
  }
}
