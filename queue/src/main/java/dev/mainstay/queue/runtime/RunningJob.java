package dev.mainstay.queue.runtime;

import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settlement;
import dev.mainstay.queue.spi.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job from its claim until its end is recorded. {@link Slots} guards what is neither
 * final nor volatile.
 */
final class RunningJob implements JobContext {
  final Claimed claimed;
  private final QueueStore store;
  private final InstantSource clock;
  private final UsedUnits units;
  private volatile boolean held = true;

  /** When the lease ends, as far as the store has confirmed it. */
  Instant leaseUntil;

  /** {@link System#nanoTime} at which the handler has run for too long. */
  final long timeoutAt;

  @Nullable Thread thread;

  /** The first reason to interrupt the handler for which it keeps the lease. */
  @Nullable Interruption interruption;

  @Nullable End end;

  /** How the handler ended, and when. */
  record End(Settlement settlement, Instant at) {}

  RunningJob(Claimed claimed, Instant leaseUntil, QueueStore store, InstantSource clock) {
    this.claimed = claimed;
    this.leaseUntil = leaseUntil;
    this.store = store;
    this.clock = clock;
    this.units = new UsedUnits(claimed.job(), store, clock);
    this.timeoutAt =
        System.nanoTime()
            + claimed.job().options().timeout().map(limit -> limit.toNanos()).orElse(NEVER);
  }

  /** More than a handler can run, and far from the overflow of the sums with it. */
  static final long NEVER = Long.MAX_VALUE / 4;

  @Override
  public long token() {
    return claimed.token();
  }

  @Override
  public boolean held() {
    return held;
  }

  @Override
  public void updateProgress(String progress) {
    Limits.bytes("progress", progress, TaskQueue.MAX_PROGRESS_BYTES);
    require(store.updateProgress(Target.lease(claimed), progress));
  }

  @Override
  public void updateData(String data) {
    Limits.bytes("data", data, TaskQueue.MAX_DATA_BYTES);
    require(store.updateData(Target.lease(claimed), data));
  }

  @Override
  public Optional<Instant> reserve(long wanted) {
    Limits.range("units", wanted, 1, RateLimit.MAX);
    return units.reserve(wanted);
  }

  @Override
  public void settle(long used) {
    Limits.range("units", used, 0, RateLimit.MAX);
    units.settle(used);
  }

  @Override
  public void log(String line) {
    String cut = Limits.cut(line, TaskQueue.MAX_LOG_LINE_BYTES);
    require(store.log(Target.lease(claimed), cut, clock.instant()));
  }

  private void require(Change change) {
    if (!change.done()) {
      throw new IllegalStateException(
          "The lease %d on job %s is lost".formatted(token(), claimed.job().id()));
    }
  }

  void loseLease() {
    held = false;
    interruptHandler();
  }

  void interrupt(Interruption why) {
    if (interruption == null) {
      interruption = why;
    }
    interruptHandler();
  }

  /** Interrupts the handler, and nothing that its thread does afterwards. */
  private void interruptHandler() {
    if (end == null && thread != null) {
      thread.interrupt();
    }
  }
}
