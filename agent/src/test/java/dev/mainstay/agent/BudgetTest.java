package dev.mainstay.agent;

import static dev.mainstay.agent.FakeModel.reply;
import static dev.mainstay.agent.FakeModel.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.agent.model.ModelException.Kind;
import dev.mainstay.agent.model.ModelInterruptedException;
import dev.mainstay.agent.tool.Tool;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private final Harness harness = new Harness();

  @BeforeEach
  void neverEnd() {
    AtomicInteger id = new AtomicInteger();
    harness.model.otherwise(
        (request, live) -> reply("tool_use", tool("t" + id.getAndIncrement(), "bash")));
  }

  @Test
  void stopsAfterSoManyTurns() throws InterruptedException {
    harness.limits(
        new RunLimits(OptionalInt.of(3), OptionalLong.empty(), Optional.empty(), Optional.empty()));
    expect("max_turns", "The run took 3 turns; its limit is 3.");
    assertThat(harness.model.requests()).hasSize(3);
    assertThat(harness.ran).as("a result that no call could follow is not worked for").hasSize(2);
    assertThat(harness.journal.calls().getLast().state()).isEqualTo(ToolCall.State.PENDING);
  }

  @Test
  void stopsAfterSoManyTokensCutCallsIncluded() throws InterruptedException {
    harness.model.fails(Kind.RETRYABLE, new Usage(100, 0, 50, 50));
    harness.limits(tokens(420));
    expect("max_tokens", "The run used 420 tokens; its limit is 420.");
    assertThat(harness.model.requests()).hasSize(3);
  }

  @Test
  void stopsRetryingWhenTheBudgetIsSpent() throws InterruptedException {
    harness.model.fails(Kind.RETRYABLE, new Usage(100, 0, 0, 0));
    harness.limits(tokens(100));
    expect("max_tokens", "The run used 100 tokens; its limit is 100.");
    assertThat(harness.model.requests()).hasSize(1);
  }

  @Test
  void stopsAfterSoMuchMoney() throws InterruptedException {
    // 100 input at 2 and 10 output at 10 dollars a million: 0.0003 a call
    harness.limits(money("0.0006"));
    expect("max_cost", "The run cost $0.0006; its limit is $0.0006.");
    assertThat(harness.model.requests()).hasSize(2);
    assertThat(harness.journal.modelCalls().getFirst().costUsd()).isEqualByComparingTo("0.0003");
  }

  @Test
  void letsARunEndThatReachedItsLimitWithItsLastWord() throws InterruptedException {
    harness.limits(tokens(50));
    harness.model.then("end_turn", Blocks.text("there"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("there"));
  }

  @Test
  void refusesAMoneyLimitWithoutAPrice() throws InterruptedException {
    harness.limits(money("1")).model("claude-sonnet-5-5-turbo");
    expect(
        "price_unknown",
        "The run has a money limit, but no price is known for the model claude-sonnet-5-5-turbo.");
    assertThat(harness.model.requests()).isEmpty();
    assertThat(harness.journal.operations()).isEmpty();
  }

  @Test
  void leavesTheCostOpenWithoutAPriceOrALimit() throws InterruptedException {
    harness
        .model("some-model")
        .model
        .then(
            (request, live) ->
                new ModelClient.Reply(
                    "some-model", List.of(Blocks.text("ok")), "end_turn", FakeModel.USAGE));
    harness.run();
    assertThat(harness.journal.modelCalls().getFirst().costUsd()).isNull();
  }

  @Test
  void countsTheTimeFromTheRunsBeginning() throws InterruptedException {
    harness.limits(duration(Duration.ofMinutes(90)));
    harness.now.set(Harness.START.plus(Duration.ofMinutes(91)));
    expect("max_duration", "The run took 1 h 31 min 0 s; its limit is 1 h 30 min 0 s.");
    assertThat(harness.model.requests()).isEmpty();
  }

  @Test
  void interruptsAToolAtTheDeadline() throws InterruptedException {
    harness.limits(duration(Duration.ofMillis(300)));
    harness.tools =
        List.of(
            new FakeTool(
                "bash",
                false,
                input -> {
                  new CountDownLatch(1).await();
                  return Tool.Output.ok("never");
                }));
    assertThat(harness.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("max_duration"));
    assertThat(harness.journal.calls())
        .singleElement()
        .satisfies(call -> assertThat(call.output()).isEqualTo(ToolRunner.OUT_OF_TIME));
  }

  @Test
  void interruptsAModelCallAtTheDeadlineAndCountsIt() throws InterruptedException {
    harness.limits(duration(Duration.ofMillis(300)));
    harness.model.then(
        (request, live) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new ModelInterruptedException(new Usage(9, 1, 0, 0));
          }
          return reply("end_turn");
        });
    assertThat(harness.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("max_duration"));
    assertThat(harness.journal.load().usage()).isEqualTo(new Usage(9, 1, 0, 0));
  }

  private void expect(String code, String message) throws InterruptedException {
    assertThat(harness.run()).isEqualTo(new RunOutcome.Failed(code, message));
  }

  private static RunLimits tokens(long tokens) {
    return new RunLimits(
        OptionalInt.empty(), OptionalLong.of(tokens), Optional.empty(), Optional.empty());
  }

  private static RunLimits money(String dollars) {
    return new RunLimits(
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.of(new BigDecimal(dollars)),
        Optional.empty());
  }

  private static RunLimits duration(Duration duration) {
    return new RunLimits(
        OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), Optional.of(duration));
  }
}
