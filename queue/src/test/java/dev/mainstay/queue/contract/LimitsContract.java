package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How large things may be. */
interface LimitsContract extends QueueFixture {

  @Test
  default void keepsDataUpToTheLimitInEveryScript() {
    TaskQueue queue = node().queue();
    String data = "\"" + "é".repeat((TaskQueue.MAX_DATA_BYTES - 2) / 2) + "\"";
    queue.add(JobRequest.of("test", data).with(options -> options.id("large")));

    assertThat(queue.find("large").orElseThrow().data()).isEqualTo(data);
    assertThatThrownBy(() -> JobRequest.of("test", data + " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("data has 1048577 bytes in UTF-8; at most 1048576 are allowed");
  }

  @Test
  default void failsAJobThatReturnsTooMuch() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("chatty").with(options -> options.attempts(3, Backoff.NONE)));
    handler.next().succeed("x".repeat(TaskQueue.MAX_RETURN_VALUE_BYTES + 1));

    Job job = awaitState(queue, "chatty", JobState.FAILED);

    assertThat(job.returnValue()).isEmpty();
    assertThat(job.attemptsMade()).isOne();
    assertThat(job.failedReason())
        .contains("The return value has 1048577 bytes in UTF-8; at most 1048576 are allowed");
  }

  @Test
  default void cutsAReasonThatIsTooLong() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("wordy"));
    handler.next().fail(new IllegalStateException("é".repeat(100_000)));

    String reason = awaitState(queue, "wordy", JobState.FAILED).failedReason().orElseThrow();

    assertThat(reason).startsWith("éé").endsWith("(cut at 16384 bytes)").doesNotContain("\ufffd");
    assertThat(reason.getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(TaskQueue.MAX_FAILED_REASON_BYTES);
  }

  @Test
  default void namesTheFieldThatIsOutOfRange() {
    assertThatThrownBy(() -> job("")).hasMessageContaining("id");
    assertThatThrownBy(() -> job("x".repeat(256))).hasMessageContaining("255");
    assertThatThrownBy(() -> JobRequest.of(" ", "{}")).hasMessageContaining("name");
    assertThatThrownBy(() -> job("a").with(options -> options.delay(Duration.ofMillis(-1))))
        .hasMessageContaining("delay");
    assertThatThrownBy(() -> job("a").with(options -> options.attempts(0, Backoff.NONE)))
        .hasMessageContaining("attempts");
    assertThatThrownBy(() -> Backoff.fixed(Duration.ofSeconds(-1))).hasMessageContaining("delay");
    assertThatThrownBy(() -> new Backoff(Backoff.FIXED, Duration.ZERO, 1.5))
        .hasMessageContaining("jitter");
  }
}
