package dev.mainstay.queue.runtime;

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

  private final LostAnswers lost;

  /** Only this thread uses it. */
  private String lastGroup = ClaimSource.NO_GROUP;

  Dispatcher(
      Slots slots, QueueStore store, InstantSource clock, WorkerOptions options, String label) {
    this.lost = new LostAnswers(slots, store, clock, options.workerId(), label);
    this.slots = slots;
    this.store = store;
    this.clock = clock;
    this.options = options;
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
    lost.close();
  }

  /** Looks before it writes, so that an idle queue costs a read now and then. */
  private boolean isDue() {
    if (lost.due()) {
      return true;
    }
    Outlook outlook = store.outlook();
    if (outlook.waiting() || outlook.nextDue() <= clock.millis()) {
      return true;
    }
    slots.succeeded(outlook);
    return false;
  }

  private void make(Slots.Round round) {
    if (lost.due()) {
      lost.giveBack();
    }
    Instant now = clock.instant();
    Instant leaseUntil = now.plus(options.lease());
    boolean heard = false;
    try {
      exchange(round, now, leaseUntil);
      heard = true;
    } finally {
      if (!heard) {
        slots.unheard(round.ended());
        if (round.capacity() > 0) {
          lost.add(leaseUntil);
        }
      }
    }
  }

  private void exchange(Slots.Round round, Instant now, Instant leaseUntil) {
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
    slots.claimed(exchange.claimed(), leaseUntil);
    slots.succeeded(exchange.outlook());
  }
}
