package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.DelayedException;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What an attempt may take, and what stays of those that failed. */
interface AttemptContract extends QueueFixture {

  @Test
  default void interruptsAHandlerThatRunsForTooLong() throws Exception {
    TaskQueue queue = node(InstantSource.system()).queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("slow").with(options -> options.attempts(2).timeout(Duration.ofMillis(100))));
    handler.next().awaitInterrupt();
    handler.next().awaitInterrupt();

    Job job = awaitState(queue, "slow", JobState.FAILED);
    assertThat(job.failedReason()).contains("timed out after PT0.1S");
    assertThat(job.attemptsMade()).isEqualTo(2);
    assertThat(Duration.between(job.createdAt(), job.finishedAt().orElseThrow()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  default void keepsTheResultOfAHandlerThatEndsAfterItsTime() throws Exception {
    TaskQueue queue = node(InstantSource.system()).queue();
    ControlledHandler handler = ControlledHandler.stubborn();
    work(queue, 1, handler);
    queue.add(job("slow").with(options -> options.timeout(Duration.ofMillis(1))));
    ControlledHandler.Run run = handler.next();
    run.awaitInterrupt();
    run.succeed("\"late\"");

    assertThat(awaitState(queue, "slow", JobState.COMPLETED).returnValue()).contains("\"late\"");
  }

  @Test
  default void delaysAJobThatSaysNotYet() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("early"));
    Instant until = clock().instant().plusSeconds(60);
    handler.next().fail(new DelayedException(until));

    Job job = awaitState(queue, "early", JobState.DELAYED);
    assertThat(job.runAt()).contains(until);
    assertThat(job.attemptsMade()).isZero();
    assertThat(job.failedReason()).isEmpty();
    clock().advance(Duration.ofSeconds(60));
    queue.wake();
    ControlledHandler.Run run = handler.next();
    run.fail(new DelayedException(clock().instant().minusSeconds(1)));
    handler.next().succeed("");
    assertThat(awaitState(queue, "early", JobState.COMPLETED).attemptsMade()).isOne();
  }

  @Test
  default void asksTheWorkersOwnBackoffStrategy() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    closing(
        queue.work(
            options("worker", 1)
                .withBackoffs(
                    (type, attemptsMade, job, error) ->
                        type.equals("per-error") && "busy".equals(error.getMessage())
                            ? Duration.ofSeconds(attemptsMade * 7L)
                            : Duration.ZERO),
            handler));
    queue.add(job("job").with(options -> options.attempts(3, Backoff.custom("per-error"))));
    handler.next().fail(new IllegalStateException("busy"));
    Job job = awaitState(queue, "job", JobState.DELAYED);
    assertThat(job.runAt()).contains(clock().instant().plusSeconds(7));
    queue.promote("job");
    handler.next().fail(new IllegalStateException("busy"));
    assertThat(awaitState(queue, "job", JobState.DELAYED).runAt())
        .contains(clock().instant().plusSeconds(14));
  }

  @Test
  default void failsForGoodWithoutTheBackoffStrategyItNames() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("job").with(options -> options.attempts(3, Backoff.custom("lunar"))));
    handler.next().fail(new IllegalStateException("boom"));

    Job job = awaitState(queue, "job", JobState.FAILED);
    assertThat(job.attemptsMade()).isOne();
    assertThat(job.failedReason())
        .contains("boom; not tried again: The worker knows no backoff strategy lunar");
  }

  @Test
  default void keepsTheNewestStackTraces() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("bad").with(options -> options.attempts(3).stackTraceLimit(2)));
    for (int i = 1; i <= 3; i++) {
      handler.next().fail(new IllegalStateException("failure \"" + i + "\" \\ \u00e9\ud83d\ude00"));
    }

    Job job = awaitState(queue, "bad", JobState.FAILED);
    assertThat(job.stackTraces()).hasSize(2);
    assertThat(job.stackTraces().getFirst())
        .startsWith(
            "java.lang.IllegalStateException: failure \"2\" \\ \u00e9\ud83d\ude00"
                + System.lineSeparator()
                + "\tat ")
        .contains("AttemptContract");
    assertThat(job.stackTraces().getLast()).contains("failure \"3\"");
  }

  @Test
  default void keepsNoStackTraceForAJobThatWantsNone() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("bad").with(options -> options.stackTraceLimit(0)));
    handler.next().fail(new IllegalStateException("no"));

    assertThat(awaitState(queue, "bad", JobState.FAILED).stackTraces()).isEmpty();
  }

  @Test
  default void cutsAStackTraceThatIsTooLong() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("deep"));
    handler.next().fail(new IllegalStateException("x".repeat(100_000)));

    assertThat(awaitState(queue, "deep", JobState.FAILED).stackTraces().getFirst())
        .hasSizeLessThanOrEqualTo(TaskQueue.MAX_STACK_TRACE_BYTES)
        .endsWith("(cut at 8192 bytes)");
  }

  @Test
  default void tellsWhoRanAJobAndWhen() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    queue.add(job("job"));
    assertThat(queue.find("job").orElseThrow().processedAt()).isEmpty();
    clock().advance(Duration.ofSeconds(5));
    closing(queue.work(options("someone", 1), handler));
    Job job = handler.next().job();

    assertThat(job.processedAt()).contains(clock().instant());
    assertThat(job.processedBy()).contains("someone");
  }

  @Test
  default void storesEveryOption() {
    TaskQueue queue = node().queue();
    Job added =
        queue.add(
            job("job")
                .with(
                    options ->
                        options
                            .priority(2_097_151)
                            .lifo(true)
                            .delay(Duration.ofHours(1))
                            .attempts(7, Backoff.exponential(Duration.ofSeconds(3)).withJitter(0.5))
                            .timeout(Duration.ofMinutes(2))
                            .keepLogs(17)
                            .stackTraceLimit(4)));

    assertThat(queue.find("job")).contains(added);
    assertThat(added.options().attempts()).isEqualTo(7);
    assertThat(added.options().timeout()).contains(Duration.ofMinutes(2));
  }

  @Test
  default void refusesOptionsThatAreOutOfRange() {
    assertThatThrownBy(() -> job("a").with(options -> options.priority(-1)))
        .hasMessage("priority must be from 0 to 2097151, not -1");
    assertThatThrownBy(() -> job("a").with(options -> options.timeout(Duration.ZERO)))
        .hasMessageContaining("timeout must be from PT0.001S");
    assertThatThrownBy(() -> job("a").with(options -> options.keepLogs(10_001)))
        .hasMessage("keepLogs must be from 0 to 10000, not 10001");
    assertThatThrownBy(() -> job("a").with(options -> options.stackTraceLimit(101)))
        .hasMessage("stackTraceLimit must be from 0 to 100, not 101");
    assertThatThrownBy(() -> options("worker", 0))
        .hasMessage("concurrency must be from 1 to 10000, not 0");
  }
}
