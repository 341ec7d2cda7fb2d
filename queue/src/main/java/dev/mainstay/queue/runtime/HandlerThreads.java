package dev.mainstay.queue.runtime;

import dev.mainstay.queue.DelayedException;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.WaitingChildrenException;
import dev.mainstay.queue.WorkerOptions;
import java.util.Objects;

/** The threads of a worker's handlers, a virtual one for each job. */
final class HandlerThreads {
  private final WorkerOptions options;
  private final JobHandler handler;
  private final String threadName;

  HandlerThreads(WorkerOptions options, JobHandler handler, String label) {
    this.options = options;
    this.handler = handler;
    this.threadName = label + ", job ";
  }

  /**
   * The thread, not yet started, that runs a job.
   *
   * @param slots hear how it has ended
   */
  Thread of(RunningJob job, Slots slots) {
    return Thread.ofVirtual()
        .name(threadName + job.claimed.job().id())
        .unstarted(() -> handle(job, slots));
  }

  private void handle(RunningJob job, Slots slots) {
    Outcome outcome;
    boolean thrown = false;
    try {
      // A handler that is not null-marked may return null all the same.
      outcome =
          Outcome.returned(Objects.requireNonNullElse(handler.handle(job.claimed.job(), job), ""));
    } catch (Throwable e) {
      // Errors too: whatever a handler throws is the end of its attempt, not of the worker.
      outcome = Outcome.thrown(e, job.claimed.job(), options.backoffs());
      thrown =
          !(e instanceof UnrecoverableException
              || e instanceof DelayedException
              || e instanceof WaitingChildrenException);
    }
    slots.ended(job, outcome, thrown);
  }
}
