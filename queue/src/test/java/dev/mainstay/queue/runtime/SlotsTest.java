package dev.mainstay.queue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.SettableClock;
import dev.mainstay.queue.memory.MemoryStore;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final Slots slots =
      new Slots(
          "test",
          WorkerOptions.of("worker", 2).withLease(LEASE),
          new MemoryStore("test"),
          clock,
          new Upkeep());

  @Test
  void givesBackWhatWasClaimedWhileItStoppedToAccept() {
    Slots.Round round = Objects.requireNonNull(slots.awaitRound());
    assertThat(round.capacity()).isEqualTo(2);

    slots.stopAccepting();
    assertThat(slots.awaitDrained(Duration.ZERO)).as("a round may still bring a job").isFalse();
    slots.claimed(
        List.of(claimed()),
        clock.instant().plus(LEASE),
        job -> {
          throw new AssertionError("it must not start");
        });

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
  }

  @Test
  void ceasesToRenewWhatTheStoreDoesNotTakeForAWholeLease() {
    Slots.Round round = Objects.requireNonNull(slots.awaitRound());
    assertThat(round.ended()).isEmpty();
    slots.claimed(List.of(claimed()), clock.instant().plus(LEASE), job -> new Thread());
    RunningJob job = slots.renewable().getFirst();
    slots.ended(job, new Outcome.Completed("1"), false);

    clock.advance(LEASE.minusMillis(1));
    assertThat(slots.renewable()).containsExactly(job);
    clock.advance(Duration.ofMillis(1));
    assertThat(slots.renewable()).isEmpty();
    slots.loseExpired();
    assertThat(job.held()).isFalse();
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
