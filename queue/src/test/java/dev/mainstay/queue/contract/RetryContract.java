package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnrecoverableException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How attempts end, and when the next one is due. */
interface RetryContract extends QueueFixture {

  @Test
  default void keepsWhatAJobReturned() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("good"));
    handler.next().succeed("{\"answer\":42}");

    Job job = awaitState(queue, "good", JobState.COMPLETED);

    assertThat(job.returnValue()).contains("{\"answer\":42}");
    assertThat(job.failedReason()).isEmpty();
    assertThat(job.attemptsMade()).isOne();
    assertThat(job.finishedAt()).contains(clock().instant());
  }

  @Test
  default void waitsTwiceAsLongAfterEachFailure() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    Backoff backoff = Backoff.exponential(Duration.ofSeconds(1));
    queue.add(job("bad").with(options -> options.attempts(4, backoff)));

    for (int failures = 1; failures <= 3; failures++) {
      handler.next().fail(new IllegalStateException("failure " + failures));
      Job job = awaitState(queue, "bad", JobState.DELAYED);
      Duration wait = Duration.ofSeconds(1L << (failures - 1));
      assertThat(job.attemptsMade()).isEqualTo(failures);
      assertThat(job.failedReason()).contains("failure " + failures);
      assertThat(job.runAt()).contains(clock().instant().plus(wait));
      clock().advance(wait);
      queue.wake();
    }
    handler.next().fail(new IllegalStateException("failure 4"));

    Job job = awaitState(queue, "bad", JobState.FAILED);
    assertThat(job.attemptsMade()).isEqualTo(4);
    assertThat(job.failedReason()).contains("failure 4");
    assertThat(job.finishedAt()).contains(clock().instant());
  }

  @Test
  default void drawsTheJitterFromTheWait() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    Backoff backoff = new Backoff(Backoff.FIXED, Duration.ofSeconds(100), 0.5);
    queue.add(job("bad").with(options -> options.attempts(2, backoff)));
    handler.next().fail(new IllegalStateException("no"));

    Instant runAt = awaitState(queue, "bad", JobState.DELAYED).runAt().orElseThrow();

    assertThat(runAt)
        .isBetween(clock().instant().plusSeconds(50), clock().instant().plusSeconds(100));
  }

  @Test
  default void triesAgainAtOnceWithoutABackoff() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("twice").with(options -> options.attempts(2, Backoff.NONE)));
    ControlledHandler.Run first = handler.next();
    first.fail(new IllegalStateException("no"));
    ControlledHandler.Run second = handler.next();
    assertThat(second.job().attemptsMade()).isOne();
    assertThat(second.context().token()).isGreaterThan(first.context().token());
    second.succeed("1");

    Job job = awaitState(queue, "twice", JobState.COMPLETED);

    assertThat(job.attemptsMade()).isEqualTo(2);
    assertThat(job.failedReason()).isEmpty();
  }

  @Test
  default void doesNotTryAgainWhatCannotSucceed() throws Exception {
    TaskQueue queue = node().queue();
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    queue.add(job("hopeless").with(options -> options.attempts(5, Backoff.NONE)));
    handler.next().fail(new UnrecoverableException("never"));

    Job job = awaitState(queue, "hopeless", JobState.FAILED);

    assertThat(job.attemptsMade()).isOne();
    assertThat(job.failedReason()).contains("never");
  }

  @Test
  default void survivesAnErrorInAHandler() throws Exception {
    TaskQueue queue = node().queue();
    closing(
        queue.work(
            options("worker", 1),
            (job, context) -> {
              if (job.id().equals("error")) {
                throw new AssertionError();
              }
              return "";
            }));
    queue.add(job("error"));
    queue.add(job("next"));

    awaitState(queue, "next", JobState.COMPLETED);

    assertThat(queue.find("error").orElseThrow().failedReason())
        .contains("java.lang.AssertionError");
  }
}
