package dev.mainstay.queue.runtime;

import java.time.Duration;
import java.util.Optional;

/** Why the worker has interrupted a handler that still has its lease. */
sealed interface Interruption {

  /** The worker stops. */
  record Stopping() implements Interruption {}

  /** Someone does not want the job. */
  record Canceled(String reason) implements Interruption {}

  /** It has run for too long. */
  record TimedOut(Duration limit) implements Interruption {}

  /** What the end of a handler means that has thrown after this. */
  default Outcome outcome(Outcome thrown) {
    return switch (this) {
      case Stopping() -> new Outcome.Released();
      case Canceled(String reason) -> Outcome.Failed.forGood(reason);
      case TimedOut(Duration limit) ->
          thrown instanceof Outcome.Failed failed
              ? new Outcome.Failed(
                  "timed out after " + limit, failed.stackTrace(), failed.retryAfter())
              : new Outcome.Failed("timed out after " + limit, "", Optional.of(Duration.ZERO));
    };
  }
}
