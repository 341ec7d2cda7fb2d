package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.BackoffStrategy;
import dev.mainstay.queue.DelayedException;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.WaitingChildrenException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How an attempt ended. */
sealed interface Outcome {

  /**
   * @param value within its limit, or empty
   */
  record Completed(String value) implements Outcome {}

  /**
   * @param reason within its limit
   * @param stackTrace within its limit, or empty
   * @param retryAfter the wait before the next attempt; empty if none may be made
   */
  record Failed(String reason, String stackTrace, Optional<Duration> retryAfter)
      implements Outcome {
    static Failed forGood(String reason) {
      return new Failed(
          Limits.cut(reason, TaskQueue.MAX_FAILED_REASON_BYTES), "", Optional.empty());
    }
  }

  /** Not yet; no attempt is lost. */
  record Delayed(Instant until) implements Outcome {}

  /** Not before the children are done; no attempt is lost. */
  record WaitingChildren() implements Outcome {}

  /** Given back, as if it had not been taken. */
  record Released() implements Outcome {}

  static Outcome returned(String value) {
    try {
      Limits.bytes("The return value", value, TaskQueue.MAX_RETURN_VALUE_BYTES);
      return new Completed(value);
    } catch (IllegalArgumentException e) {
      // The next attempt would return the same.
      return Failed.forGood(String.valueOf(e.getMessage()));
    }
  }

  static Outcome thrown(Throwable error, Job job, BackoffStrategy strategy) {
    if (error instanceof DelayedException delayed) {
      return new Delayed(delayed.until());
    }
    if (error instanceof WaitingChildrenException) {
      return new WaitingChildren();
    }
    String reason = reason(error);
    Optional<Duration> wait = Optional.empty();
    if (!(error instanceof UnrecoverableException)) {
      try {
        wait = Optional.of(wait(error, job, strategy));
      } catch (RuntimeException e) {
        reason = reason + "; not tried again: " + reason(e);
      }
    }
    return new Failed(
        Limits.cut(reason, TaskQueue.MAX_FAILED_REASON_BYTES),
        job.options().stackTraceLimit() == 0 ? "" : stackTrace(error),
        wait);
  }

  private static Duration wait(Throwable error, Job job, BackoffStrategy strategy) {
    Backoff backoff = job.options().backoff();
    int failures = job.attemptsMade() + 1;
    if (backoff.builtIn()) {
      return backoff.waitAfter(failures, ThreadLocalRandom.current().nextDouble());
    }
    Duration wait = strategy.waitAfter(backoff.type(), failures, job, error);
    Limits.range("The backoff strategy's wait", wait, Duration.ZERO, Backoff.MAX_WAIT);
    return wait;
  }

  private static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank() ? error.getClass().getName() : message;
  }

  private static String stackTrace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return Limits.cut(text.toString(), TaskQueue.MAX_STACK_TRACE_BYTES);
  }
}
