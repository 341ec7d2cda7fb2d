package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.UnrecoverableException;
import dev.mainstay.queue.WorkerOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one thread of a worker that takes jobs and records how they ended. Both happen in the same
 * transaction, so under load each round costs one commit however many jobs it ends and takes.
 */
final class Dispatcher implements Runnable {
  private static final Outlook NOTHING = new Outlook(false, Long.MAX_VALUE);

  private final Slots slots;
  private final LeaseTable table;
  private final Transactions transactions;
  private final InstantSource clock;
  private final WorkerOptions options;
  private final JobHandler handler;
  private final String threadName;

  Dispatcher(
      Slots slots, SqlWorker.Store store, WorkerOptions options, JobHandler handler, String label) {
    this.slots = slots;
    this.table = store.table();
    this.transactions = store.transactions();
    this.clock = store.clock();
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
    Outlook outlook = transactions.read(table::outlook);
    if (outlook.waiting() || outlook.nextDue() <= clock.millis()) {
      return true;
    }
    slots.succeeded(outlook);
    return false;
  }

  private record Result(
      List<Boolean> held, List<Recovered> recovered, List<Claimed> claimed, Outlook outlook) {}

  private void make(Slots.Round round) {
    Instant now = clock.instant();
    Instant leaseUntil = now.plus(options.lease());
    List<Settlement> settlements =
        round.ended().stream().map(job -> Objects.requireNonNull(job.end).settlement()).toList();
    Result result =
        transactions.write(
            connection -> exchange(connection, settlements, round.capacity(), now, leaseUntil));
    slots.recorded(round.ended(), result.held());
    slots.recovered(result.recovered());
    slots.claimed(result.claimed(), leaseUntil, this::thread);
    slots.succeeded(result.outlook());
  }

  private Result exchange(
      Connection connection,
      List<Settlement> settlements,
      int capacity,
      Instant now,
      Instant leaseUntil)
      throws SQLException {
    List<Boolean> held = table.settle(connection, settlements);
    if (capacity == 0) {
      return new Result(held, List.of(), List.of(), NOTHING);
    }
    List<Recovered> recovered = table.recover(connection, now, options.maxStalled());
    table.promote(connection, now);
    List<Claimed> claimed = table.claim(connection, options.workerId(), leaseUntil, capacity);
    // With all slots taken the next look is at the end of a job, whatever the outlook.
    Outlook outlook = claimed.size() < capacity ? table.outlook(connection) : NOTHING;
    return new Result(held, recovered, claimed, outlook);
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
    } catch (UnrecoverableException e) {
      outcome = Outcome.thrown(e, true);
    } catch (Throwable e) {
      // Errors too: whatever a handler throws is the end of its attempt, not of the worker.
      outcome = Outcome.thrown(e, false);
      thrown = true;
    }
    slots.ended(job, outcome, thrown, ThreadLocalRandom.current().nextDouble());
  }
}
