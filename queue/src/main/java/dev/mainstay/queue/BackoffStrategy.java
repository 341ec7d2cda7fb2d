package dev.mainstay.queue;

import java.time.Duration;

/** Computes the waits of the backoff types that are not built in. */
@FunctionalInterface
public interface BackoffStrategy {

  /** For workers without one: a job that names a type which is not built in fails for good. */
  BackoffStrategy NONE =
      (type, attemptsMade, job, error) -> {
        throw new IllegalArgumentException("The worker knows no backoff strategy " + type);
      };

  /**
   * @param attemptsMade attempts that have failed, at least 1
   * @return the wait before the next attempt, from zero to {@link Backoff#MAX_WAIT}
   * @throws RuntimeException the job is not tried again; the message is added to its failed reason
   */
  Duration waitAfter(String type, int attemptsMade, Job job, Throwable error);
}
