package dev.mainstay.queue.runtime;

import dev.mainstay.queue.DelayedException;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.WaitingChildrenException;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.Outlook;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settlement;
import dev.mainstay.queue.spi.Turn;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * The one thread of a worker that takes jobs and records how they ended. Both are one exchange with
 * the store, so under load each round costs one commit however many jobs it ends and takes.
 */
final class Dispatcher implements Runnable {
  private final Slots slots;
  private final QueueStore store;
  private final InstantSource clock;
  private final WorkerOptions options;
  private final JobHandler handler;
  private final String threadName;

  /** Only this thread uses it. */
  private String lastGroup = ClaimSource.NO_GROUP;

  Dispatcher(
      Slots slots,
      QueueStore store,
      InstantSource clock,
      WorkerOptions options,
      JobHandler handler,
      String label) {
    this.slots = slots;
    this.store = store;
    this.clock = clock;
    this.options = options;
    this.handler = handler;
    this.threadName = label + ", job ";
  }

  @Override
  public void run() {
    for (Slots.Round round = slots.awaitRound(); round != null; round = slots.awaitRound()) {
      try {
        if (!round.polling() || isDue()) {
          make(round);
        }
      } catch (Throwable e) {
        // Nothing may end this thread but its worker: it alone records what has been done.
        slots.failed(e);
      }
    }
  }

  /** Looks before it writes, so that an idle queue costs a read now and then. */
  private boolean isDue() {
    Outlook outlook = store.outlook();
    if (outlook.waiting() || outlook.nextDue() <= clock.millis()) {
      return true;
    }
    slots.succeeded(outlook);
    return false;
  }

  private void make(Slots.Round round) {
    Instant now = clock.instant();
    Instant leaseUntil = now.plus(options.lease());
    List<Settlement> settlements =
        round.ended().stream().map(job -> Objects.requireNonNull(job.end).settlement()).toList();
    Exchange exchange =
        store.exchange(
            new Turn(
                settlements,
                options.workerId(),
                round.capacity(),
                lastGroup,
                options.maxStalled(),
                now,
                leaseUntil,
                clock));
    lastGroup = exchange.lastGroup();
    slots.recorded(round.ended(), exchange.held());
    slots.recovered(exchange.recovered());
    slots.claimed(exchange.claimed(), leaseUntil, this::thread);
    slots.succeeded(exchange.outlook());
  }

  private Thread thread(RunningJob job) {
    return Thread.ofVirtual()
        .name(threadName + job.claimed.job().id())
        .unstarted(() -> handle(job));
  }

  private void handle(RunningJob job) {
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
