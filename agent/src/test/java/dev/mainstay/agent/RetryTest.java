package dev.mainstay.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.agent.model.ModelException.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
  private final Harness harness = new Harness();

  @Test
  void backsOffAndAnnouncesIt() throws InterruptedException {
    for (int i = 0; i < 7; i++) {
      harness.model.fails(Kind.RETRYABLE, new Usage(1, 1, 0, 0));
    }
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    // Half of 1, 2, 4, … seconds, at most of 60: the test's random numbers are all 0.5.
    assertThat(harness.waits)
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L);
    assertThat(harness.deltas)
        .extracting((JsonNode delta) -> delta.path("kind").asText())
        .hasSize(7)
        .containsOnly("retry");
    assertThat(harness.journal.operations())
        .containsExactly(
            "user",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "assistant",
            "user");
    assertThat(harness.journal.load().usage()).isEqualTo(new Usage(107, 17, 0, 0));
  }

  @Test
  void givesUpAfterEightAttempts() throws InterruptedException {
    for (int i = 0; i < 9; i++) {
      harness.model.fails(Kind.RETRYABLE, Usage.NONE);
    }
    assertThat(harness.run())
        .isEqualTo(
            new RunOutcome.Failed(
                "model_error", "The model call failed 8 times, last with: no luck"));
    assertThat(harness.model.requests()).hasSize(8);
  }

  @Test
  void waitsAsLongAsTheServerAsksWithinBounds() throws InterruptedException {
    harness.model.overloaded(Duration.ofSeconds(7)).overloaded(Duration.ofHours(1));
    harness.run();
    assertThat(harness.waits)
        .containsExactly(Duration.ofMillis(7500), Duration.ofMinutes(5).plusSeconds(1));
  }

  @Test
  void startsNoAttemptAfterTheWindow() throws InterruptedException {
    harness
        .model
        .overloaded(Duration.ofMinutes(5))
        .overloaded(Duration.ofMinutes(5))
        .overloaded(Duration.ofMinutes(5));
    assertThat(harness.run()).isInstanceOf(RunOutcome.Failed.class);
    assertThat(harness.model.requests()).hasSize(2);
  }

  @Test
  void doesNotRepeatWhatCannotSucceed() throws InterruptedException {
    harness.model.fails(Kind.PERMANENT, Usage.NONE);
    assertThat(harness.run())
        .isEqualTo(new RunOutcome.Failed("model_error", "The model call failed: no luck"));
    assertThat(harness.journal.modelCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.stopReason()).isEqualTo("permanent"));
  }

  @Test
  void asksAgainForAnAnswerWithAmbiguousCalls() throws InterruptedException {
    harness.model.then("tool_use", FakeModel.tool("a", "read"), FakeModel.tool("a", "read"));
    harness.model.then("tool_use", FakeModel.tool("", "read"));
    assertThat(harness.run()).isEqualTo(new RunOutcome.Finished("done"));
    assertThat(harness.journal.calls()).isEqualTo(List.of());
  }
}
