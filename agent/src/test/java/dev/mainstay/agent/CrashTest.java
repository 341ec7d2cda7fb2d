package dev.mainstay.agent;

import static dev.mainstay.agent.FakeModel.reply;
import static dev.mainstay.agent.FakeModel.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.agent.model.ModelException;
import dev.mainstay.agent.model.SummaryRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is cut at each of its commits goes on as if it had not been. */
class CrashTest {

  /** Stateless, so that a repeated call gets the same answer: parallel calls, a cut, a summary. */
  private static Harness harness() {
    Harness harness = new Harness().compactAbove(5_000);
    harness.journal.steer("Also mind this.");
    harness.model.otherwise(
        (request, live) -> {
          Message last = request.messages().getLast();
          String text = Blocks.textOf(last.content());
          if (text.endsWith(SummaryRequest.INSTRUCTION)) {
            return reply("end_turn", Blocks.text("SUMMARY"));
          }
          long replies =
              request.messages().stream().filter(m -> m.role() == Message.Role.ASSISTANT).count();
          boolean summarized =
              Blocks.textOf(request.messages().getFirst().content()).contains("SUMMARY");
          return switch ((int) replies + (summarized ? 4 : 0)) {
            case 0 ->
                reply(
                    "tool_use",
                    Blocks.text("reading"),
                    tool("a", "read"),
                    tool("b", "look"),
                    tool("c", "bash"),
                    tool("d", "read"));
            case 1 -> reply("max_tokens", Blocks.text("half a "));
            case 2 -> reply("tool_use", tool("e", "bash"), tool("f", "nonsense"));
            case 3 ->
                reply(
                    "tool_use",
                    new Usage(6000, 1, 0, 0),
                    Blocks.text("long ".repeat(5_000)),
                    tool("g", "bash"));
            case 4 -> reply("tool_use", tool("h", "bash"));
            default -> reply("end_turn", Blocks.text("All done."));
          };
        });
    return harness;
  }

  static Stream<Arguments> crashes() throws InterruptedException {
    Harness whole = harness();
    whole.run();
    int operations = whole.journal.operations().size();
    assertThat(operations).isGreaterThan(15);
    return IntStream.range(0, operations)
        .boxed()
        .flatMap(i -> Stream.of(Arguments.of(i, false), Arguments.of(i, true)));
  }

  @ParameterizedTest
  @MethodSource("crashes")
  void goesOnAfterACrashAtEveryCommit(int operation, boolean afterCommit)
      throws InterruptedException {
    Harness whole = harness();
    RunOutcome expected = whole.run();
    Harness crashed = harness();
    crashed.journal.crashAt(operation, afterCommit);

    assertThatThrownBy(crashed::run).isInstanceOf(FakeJournal.Crash.class);
    RunOutcome outcome = crashed.run();

    // The fake model has checked every request, the fake journal every commit.
    assertThat(outcome).isEqualTo(expected).isEqualTo(new RunOutcome.Finished("All done."));
    assertThat(said(crashed.journal)).isEqualTo(said(whole.journal));
    assertThat(crashed.model.requests().size() - whole.model.requests().size()).isBetween(0, 1);
    assertThat(crashed.journal.calls())
        .hasSameSizeAs(whole.journal.calls())
        .allMatch(call -> call.state() == ToolCall.State.FINISHED);
    for (String effect : List.of("c", "e", "g", "h")) {
      assertThat(Collections.frequency(crashed.ran, effect)).as(effect).isLessThanOrEqualTo(1);
    }
    long unknown =
        crashed.journal.calls().stream()
            .filter(call -> ToolRunner.UNKNOWN_OUTCOME.equals(call.output()))
            .count();
    assertThat(unknown).isLessThanOrEqualTo(1);
    assertThat(whole.ran).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "g", "h");
  }

  @Test
  void tellsTheModelThatAnOutcomeIsUnknown() throws InterruptedException {
    Harness harness = new Harness();
    harness.model.then("tool_use", tool("a", "bash"), tool("b", "read"));
    harness.journal.crashAt(2, false); // user, assistant with the start of a, end of a
    assertThatThrownBy(harness::run).isInstanceOf(FakeJournal.Crash.class);
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(Harness.results(harness.model.requests().getLast().messages().getLast()))
        .containsExactly(ToolRunner.UNKNOWN_OUTCOME, "output of b");
    assertThat(harness.ran).containsExactly("a", "b");
  }

  /** What the tool says decides: a call counts as done, runs again, or stays unknown. */
  @ParameterizedTest
  @CsvSource({"done, it was done, 0", "again, output of a, 1", "unknown, , 0"})
  void asksTheToolWhatHasHappened(String checkpoint, @Nullable String answer, int runs)
      throws InterruptedException {
    Harness harness = new Harness();
    harness.tools = List.of(harness.noting("write", false).decidedBy(checkpoint));
    harness.model.then("tool_use", tool("a", "write"));
    harness.journal.crashAt(1, true); // the assistant's message, with the start of a
    assertThatThrownBy(harness::run).isInstanceOf(FakeJournal.Crash.class);
    assertThat(harness.journal.calls().getFirst().checkpoint()).isEqualTo(checkpoint);
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(Harness.results(harness.model.requests().getLast().messages().getLast()))
        .containsExactly(answer == null ? ToolRunner.UNKNOWN_OUTCOME : answer);
    assertThat(harness.ran).hasSize(runs);
  }

  @Test
  void doesNotLoseTheCostOfAFailedCall() throws InterruptedException {
    Harness harness = new Harness();
    harness.model.fails(ModelException.Kind.RETRYABLE, new Usage(7, 3, 0, 0));
    harness.run();
    assertThat(harness.journal.load().usage()).isEqualTo(new Usage(107, 13, 0, 0));
  }

  /** What was said, without what the tools answered: that may be "unknown" after a crash. */
  private static List<String> said(FakeJournal journal) {
    List<String> said = new ArrayList<>();
    for (Message message : journal.log()) {
      for (var block : message.content()) {
        said.add(
            Blocks.type(block).equals("tool_result")
                ? "result " + block.path("tool_use_id").asText()
                : block.toString());
      }
    }
    return said;
  }
}
