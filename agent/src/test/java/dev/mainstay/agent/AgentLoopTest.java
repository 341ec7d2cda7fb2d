package dev.mainstay.agent;

import static dev.mainstay.agent.FakeModel.reply;
import static dev.mainstay.agent.FakeModel.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mainstay.agent.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentLoopTest {
  private final Harness harness = new Harness();

  @Test
  void saysThePromptAndEndsWithTheModelsLastText() throws InterruptedException {
    harness.model.then("end_turn", Blocks.text("one"), Blocks.text("two"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("one\n\ntwo"));
    assertThat(harness.model.requests().getFirst().messages().getFirst().content())
        .containsExactly(Blocks.text("Do it."));
  }

  @Test
  void takesSteeringWithResultsAndAfterTheLastWord() throws InterruptedException {
    harness.model.then(
        (request, live) -> {
          harness.journal.steer("Mind the gap.");
          return reply("tool_use", tool("a", "read"));
        });
    harness.model.then(
        (request, live) -> {
          harness.journal.steer("One more thing.");
          return reply("end_turn", Blocks.text("first end"));
        });
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    List<Message> messages = harness.model.requests().getLast().messages();
    assertThat(messages.get(2).content())
        .containsExactly(
            Blocks.toolResult("a", "output of a", false), Blocks.text("Mind the gap."));
    assertThat(messages.getLast().content()).containsExactly(Blocks.text("One more thing."));
  }

  @Test
  void runsReadOnlyNeighboursTogetherAndOthersAlone() throws InterruptedException {
    CyclicBarrier together = new CyclicBarrier(3);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    harness.tools =
        List.of(
            new FakeTool(
                "read",
                true,
                input -> {
                  try {
                    together.await(20, TimeUnit.SECONDS);
                  } catch (Exception e) {
                    return Tool.Output.error("alone");
                  }
                  order.add("read");
                  return Tool.Output.ok("together");
                }),
            new FakeTool(
                "bash",
                false,
                input -> {
                  order.add("bash");
                  return Tool.Output.ok("alone");
                }));
    harness.model.then(
        "tool_use",
        tool("w", "bash"),
        tool("a", "read"),
        tool("b", "read"),
        tool("c", "read"),
        tool("x", "bash"),
        tool("y", "bash"));
    harness.run();
    assertThat(order).containsExactly("bash", "read", "read", "read", "bash", "bash");
    assertThat(Harness.results(harness.model.requests().getLast().messages().getLast()))
        .containsExactly("alone", "together", "together", "together", "alone", "alone");
  }

  @Test
  void answersWhatCannotRunWithAnError() throws InterruptedException {
    ObjectNode list = tool("b", "bash");
    list.set("input", TextNode.valueOf("{\"half"));
    harness.tools =
        List.of(
            harness.noting("bash", false),
            new FakeTool(
                "boom",
                false,
                input -> {
                  throw new IllegalStateException("secret");
                }));
    harness.model.then("tool_use", tool("a", "nonsense"), list, tool("c", "boom"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.ran).isEmpty();
    assertThat(harness.journal.calls()).allMatch(ToolCall::isError);
    List<String> results = Harness.results(harness.model.requests().getLast().messages().getLast());
    assertThat(results.get(0)).contains("no tool named nonsense", "bash, boom");
    assertThat(results.get(1)).contains("not a whole JSON object");
    assertThat(results.get(2)).contains("IllegalStateException").doesNotContain("secret");
    assertThat(harness.journal.log().get(1).content().get(1).at("/input/INVALID_JSON").asText())
        .isEqualTo("{\"half");
  }

  @Test
  void doesNotRunACallThatTheOutputLimitCut() throws InterruptedException {
    harness.model.then("max_tokens", tool("a", "bash"), tool("b", "read"), tool("c", "read"));
    harness.run();
    assertThat(harness.ran).containsExactly("a", "b");
    assertThat(Harness.results(harness.model.requests().getLast().messages().getLast()))
        .containsExactly("output of a", "output of b", ToolRunner.CUT);
  }

  @Test
  void letsCutTextGoOnAndAPausedTurnToo() throws InterruptedException {
    harness.model.then("max_tokens", Blocks.text("half"));
    harness.model.then("pause_turn", Blocks.text("thinking of it"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    List<Message> messages = harness.model.requests().getLast().messages();
    assertThat(Blocks.textOf(messages.get(2).content())).contains("Go on exactly where");
    assertThat(messages.getLast().role()).isEqualTo(Message.Role.ASSISTANT);
  }

  @Test
  void doesNotLetCutTextGoOnForEver() throws InterruptedException {
    harness.model.otherwise((request, live) -> reply("max_tokens", Blocks.text("half")));
    assertThat(harness.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("model_error"));
  }

  @Test
  void endsWhenTheModelRefuses() throws InterruptedException {
    harness.model.then("refusal", Blocks.text("I will not"));
    assertThat(harness.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("model_refused"));
    assertThat(harness.journal.log()).hasSize(1);
    assertThat(harness.journal.load().usage()).isEqualTo(FakeModel.USAGE);
  }

  @Test
  void neverCommitsAnEmptyReply() throws InterruptedException {
    harness.model.then("end_turn").then("end_turn", Blocks.text("  "));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.journal.log()).hasSize(2);
    assertThat(harness.journal.modelCalls()).hasSize(3);
    assertThat(Blocks.textOf(harness.model.requests().getLast().messages().getLast().content()))
        .as("asked a little differently in the end")
        .startsWith("Do it.")
        .contains("was empty");

    harness.model.otherwise((request, live) -> reply("end_turn"));
    Harness other = new Harness();
    other.model.otherwise((request, live) -> reply("end_turn"));
    assertThat(other.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("model_error"));
    assertThat(other.model.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stopsAtAnInterruptAndWritesNothingMore(boolean inTool) throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    harness.tools =
        List.of(
            new FakeTool(
                "bash",
                false,
                input -> {
                  block(busy, stopped);
                  return Tool.Output.ok("never");
                }));
    if (inTool) {
      harness.model.then("tool_use", tool("a", "bash"));
    } else {
      harness.model.then(
          (request, live) -> {
            block(busy, stopped);
            return reply("end_turn");
          });
    }
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    harness.run();
                  } catch (Throwable e) {
                    end.complete(e);
                  }
                });
    busy.await();
    List<String> before = harness.journal.operations();
    thread.interrupt();
    assertThat(end).succeedsWithin(Duration.ofSeconds(20)).isInstanceOf(InterruptedException.class);
    assertThat(stopped.getCount()).as("what ran is dead by then").isZero();
    assertThat(harness.journal.operations()).isEqualTo(before);
  }

  @Test
  void stopsWhenTheLeaseIsLost() {
    CountDownLatch stopped = new CountDownLatch(1);
    harness.tools =
        List.of(
            new FakeTool(
                "read",
                true,
                input -> {
                  if (input.path("id").asText().equals("b")) {
                    harness.journal.loseLease();
                    return Tool.Output.ok("");
                  }
                  block(new CountDownLatch(1), stopped);
                  return Tool.Output.ok("");
                }));
    harness.model.then("tool_use", tool("a", "read"), tool("b", "read"));
    assertThatThrownBy(harness::run).isInstanceOf(LeaseLostException.class);
    assertThat(stopped.getCount()).isZero();
    assertThat(harness.journal.operations()).containsExactly("user", "assistant");
  }

  @Test
  void commitsTwiceForAStep() throws InterruptedException {
    harness.model.then("tool_use", tool("a", "bash"));
    harness.model.then("tool_use", tool("b", "bash"), tool("c", "bash"));
    harness.run();
    assertThat(harness.journal.operations())
        .containsExactly(
            "user", "assistant", "user", "assistant", "advance", "user", "assistant", "user");
  }

  @Test
  void commitsWhatHasEndedWhileItsNeighbourStillRuns() throws InterruptedException {
    harness.tools =
        List.of(
            new FakeTool(
                "read",
                true,
                input -> {
                  if (input.path("id").asText().equals("b")) {
                    Awaitility.await().until(() -> !harness.journal.isStarted("a"));
                  }
                  return Tool.Output.ok("");
                }));
    harness.model.then("tool_use", tool("a", "read"), tool("b", "read"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
  }

  @Test
  void passesOnLiveOutputAndSurvivesAFailingListener() throws InterruptedException {
    harness.model.then("tool_use", tool("a", "bash"));
    harness.run();
    assertThat(harness.deltas)
        .anySatisfy(
            delta -> {
              assertThat(delta.path("kind").asText()).isEqualTo("tool_output");
              assertThat(delta.path("text").asText()).isEqualTo("running bash");
              assertThat(delta.path("toolCallId").asText()).isEqualTo("a");
            });
    new QuietListener(
            delta -> {
              throw new IllegalStateException();
            })
        .delta(Blocks.text("x"));
  }

  /** Blocks until interrupted, and notes that it was. */
  private static void block(CountDownLatch busy, CountDownLatch stopped)
      throws InterruptedException {
    busy.countDown();
    try {
      new CountDownLatch(1).await();
    } finally {
      stopped.countDown();
    }
  }
}
