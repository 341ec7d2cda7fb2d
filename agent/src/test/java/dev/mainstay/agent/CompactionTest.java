package dev.mainstay.agent;

import static dev.mainstay.agent.FakeModel.reply;
import static dev.mainstay.agent.FakeModel.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.model.ModelException.Kind;
import dev.mainstay.agent.model.SummaryRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private static final Usage LONG = new Usage(1000, 10, 3000, 1000);

  private final Harness harness = new Harness().compactAbove(5000);

  @Test
  void replacesALongConversationByItsSummary() throws InterruptedException {
    harness.model.then((request, live) -> reply("tool_use", LONG, tool("a", "read")));
    harness.model.then("end_turn", Blocks.text("We read a."));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));

    List<Message> asked = harness.model.requests().get(1).messages();
    assertThat(asked).hasSize(3);
    assertThat(asked.getLast().content())
        .containsExactly(
            Blocks.toolResult("a", "output of a", false), Blocks.text(SummaryRequest.INSTRUCTION));
    assertThat(harness.model.requests().get(1).tools()).as("same prefix, same cache").hasSize(3);
    List<Message> after = harness.model.requests().get(2).messages();
    assertThat(after).hasSize(1);
    assertThat(Blocks.textOf(after.getFirst().content()))
        .contains("<summary>\nWe read a.\n</summary>")
        .endsWith("Do it.");
    assertThat(harness.journal.load().usage()).isEqualTo(LONG.plus(new Usage(200, 20, 0, 0)));
  }

  @Test
  void endsInsteadOfSummarizingInCircles() throws InterruptedException {
    harness.model.then((request, live) -> reply("tool_use", LONG, tool("a", "read")));
    harness.model.then("end_turn", Blocks.text("summary"));
    harness.model.then((request, live) -> reply("tool_use", LONG, tool("b", "read")));
    expectOverflow();
    assertThat(harness.model.requests()).hasSize(3);
  }

  @Test
  void summarizesAgainAfterAStepForward() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      String id = "a" + i;
      harness.model.then("tool_use", tool("b" + i, "read"));
      harness.model.then((request, live) -> reply("tool_use", LONG, tool(id, "read")));
      harness.model.then("end_turn", Blocks.text("summary " + i));
    }
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.journal.operations().stream().filter("summary"::equals)).hasSize(3);
  }

  @Test
  void summarizesWhatTheApiRefusedAndAsksOnceMore() throws InterruptedException {
    harness.model.fails(Kind.CONTEXT_OVERFLOW, Usage.NONE);
    harness.model.then("end_turn", Blocks.text("summary"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.model.requests().get(1).tools()).as("a plain transcript").isEmpty();

    Harness other = new Harness();
    other.model.fails(Kind.CONTEXT_OVERFLOW, Usage.NONE);
    other.model.then("end_turn", Blocks.text("summary"));
    other.model.fails(Kind.CONTEXT_OVERFLOW, Usage.NONE);
    assertThat(other.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("context_overflow"));
  }

  @Test
  void summarizesATranscriptIfTheConversationItselfDoesNotFit() throws InterruptedException {
    harness.model.then(
        (request, live) ->
            reply("tool_use", LONG, Blocks.text("x🙂".repeat(20_000)), tool("a", "read")));
    harness.model.fails(Kind.CONTEXT_OVERFLOW, Usage.NONE);
    harness.model.then("end_turn", Blocks.text("summary"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    String transcript =
        harness.model.requests().get(2).messages().getFirst().content().getFirst().toString();
    assertThat(transcript)
        .hasSizeLessThan(12_000)
        .contains("Do it.", "[… left out …]", "[result output of a]");
    assertThat(Texts.sound(transcript)).isEqualTo(transcript);
  }

  @Test
  void endsIfNotEvenATranscriptFits() throws InterruptedException {
    harness.model.fails(Kind.CONTEXT_OVERFLOW, Usage.NONE);
    harness.model.fails(Kind.CONTEXT_OVERFLOW, Usage.NONE);
    expectOverflow();
  }

  @Test
  void insistsOnTextOnce() throws InterruptedException {
    harness.model.then((request, live) -> reply("tool_use", LONG, tool("a", "read")));
    harness.model.then("tool_use", tool("b", "bash"));
    harness.model.then("end_turn", Blocks.text("summary"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.ran).containsExactly("a");
    assertThat(harness.journal.modelCalls()).hasSize(4);
  }

  @Test
  void makesRoomAfterAnAnswerThatTheWindowCut() throws InterruptedException {
    harness.model.then("model_context_window_exceeded", Blocks.text("half"));
    harness.model.then("end_turn", Blocks.text("summary"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.journal.operations())
        .containsExactly("user", "assistant", "user", "summary", "assistant", "user");
  }

  private void expectOverflow() throws InterruptedException {
    assertThat(harness.run())
        .isEqualTo(
            new RunOutcome.Failed(
                "context_overflow",
                "The conversation is longer than the model claude-sonnet-5-5 can take (5000"
                    + " tokens), even summarized."));
  }
}
