package dev.mainstay.queue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.SettableClock;
import dev.mainstay.queue.memory.MemoryQueues;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final AtomicInteger started = new AtomicInteger();
  private final SettableClock clock = new SettableClock();
  private final Slots slots =
      new Slots(
          "test",
          WorkerOptions.of("worker", 2).withLease(LEASE),
          new MemoryQueues().store("test"),
          clock,
          new Upkeep(),
          new HandlerThreads(WorkerOptions.of("worker", 2), this::handle, "test"));

  @Test
  void givesBackWhatWasClaimedWhileItStoppedToAccept() {
    Slots.Round round = Objects.requireNonNull(slots.awaitRound());
    assertThat(round.capacity()).isEqualTo(2);

    slots.stopAccepting();
    assertThat(slots.awaitDrained(Duration.ZERO)).as("a round may still bring a job").isFalse();
    slots.claimed(List.of(claimed()), clock.instant().plus(LEASE));

    Slots.Round next = Objects.requireNonNull(slots.awaitRound());
    assertThat(next.capacity()).isZero();
    assertThat(next.ended())
        .singleElement()
        .satisfies(
            job -> {
              Settlement settlement = Objects.requireNonNull(job.end).settlement();
              assertThat(settlement.state()).isEqualTo(JobState.WAITING);
              assertThat(settlement.attemptsMade()).isEqualTo(3);
            });
    assertThat(started).as("it must not start").hasValue(0);
  }

  @Test
  void ceasesToRenewWhatTheStoreDoesNotTakeForAWholeLease() {
    Slots.Round round = Objects.requireNonNull(slots.awaitRound());
    assertThat(round.ended()).isEmpty();
    slots.claimed(List.of(claimed()), clock.instant().plus(LEASE));
    RunningJob job = slots.renewable().getFirst();
    slots.ended(job, new Outcome.Completed("1"), false);

    clock.advance(LEASE.minusMillis(1));
    assertThat(slots.renewable()).containsExactly(job);
    clock.advance(Duration.ofMillis(1));
    assertThat(slots.renewable()).isEmpty();
    slots.loseExpired();
    assertThat(job.held()).isFalse();
  }

  /** As when a commit took longer than the lease, and another worker has the job by now. */
  @Test
  void doesNotBeginWhatItsLeaseDoesNotCoverAnyMore() {
    slots.claimed(List.of(claimed()), clock.instant());
    assertThat(slots.running()).isFalse();
    assertThat(slots.renewable()).isEmpty();
    assertThat(started).hasValue(0);
  }

  /** Ends when the test is over. */
  private String handle(Job job, JobContext context) throws InterruptedException {
    started.incrementAndGet();
    new CountDownLatch(1).await();
    return "";
  }

  private Claimed claimed() {
    JobRequest request = JobRequest.of("name", "{}").with(options -> options.attempts(5));
    Job added = Job.added(request, "id", clock.instant());
    Job job =
        new Job(
            added.id(),
            added.name(),
            added.data(),
            added.options(),
            JobState.ACTIVE,
            3,
            0,
            added.createdAt(),
            Optional.empty(),
            Optional.of(clock.instant()),
            Optional.empty(),
            Optional.of("worker"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    return new Claimed(job, 2);
  }
}
