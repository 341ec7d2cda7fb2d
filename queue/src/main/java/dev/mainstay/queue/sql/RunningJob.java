package dev.mainstay.queue.sql;

import dev.mainstay.queue.Lease;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job from its claim until its end is recorded. {@link Slots} guards what is neither
 * final nor volatile.
 */
final class RunningJob implements Lease {
  final Claimed claimed;
  private volatile boolean held = true;

  /** When the lease ends, as far as the store has confirmed it. */
  Instant leaseUntil;

  @Nullable Thread thread;

  /** True once the worker has asked for the job back. */
  boolean returning;

  @Nullable End end;

  /** How the handler ended, and when. */
  record End(Settlement settlement, Instant at) {}

  RunningJob(Claimed claimed, Instant leaseUntil) {
    this.claimed = claimed;
    this.leaseUntil = leaseUntil;
  }

  @Override
  public long token() {
    return claimed.token();
  }

  @Override
  public boolean held() {
    return held;
  }

  void loseLease() {
    held = false;
    interrupt();
  }

  void giveBack() {
    returning = true;
    interrupt();
  }

  /** Interrupts the handler, and nothing that its thread does afterwards. */
  private void interrupt() {
    if (end == null && thread != null) {
      thread.interrupt();
    }
  }
}
