package dev.mainstay.queue.memory;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job and what only its store knows of it. {@link MemoryStore} guards it. */
final class Entry {
  final String id;
  final String name;
  final Instant createdAt;
  final Optional<String> schedulerId;

  /** Order of arrival; never used twice. */
  final long sequence;

  final Deque<String> logs = new ArrayDeque<>();

  String data;
  JobOptions options;
  JobState state;
  int attemptsMade;
  int stalledCount;
  Optional<Instant> runAt;
  Optional<Instant> processedAt = Optional.empty();
  Optional<Instant> finishedAt = Optional.empty();
  Optional<String> processedBy = Optional.empty();
  Optional<String> progress = Optional.empty();
  Optional<String> returnValue = Optional.empty();
  Optional<String> failedReason = Optional.empty();
  List<String> stackTraces = List.of();

  /** 0, or less for what was added last in, first out. */
  long position;

  long token;
  Instant leaseUntil = Instant.EPOCH;
  @Nullable String cancelReason;

  Entry(long sequence, long position, Job added) {
    this.sequence = sequence;
    this.position = position;
    this.id = added.id();
    this.name = added.name();
    this.createdAt = added.createdAt();
    this.schedulerId = added.schedulerId();
    this.data = added.data();
    this.options = added.options();
    this.state = added.state();
    this.runAt = added.runAt();
  }

  Job job() {
    return new Job(
        id,
        name,
        data,
        options,
        state,
        attemptsMade,
        stalledCount,
        createdAt,
        runAt,
        processedAt,
        finishedAt,
        processedBy,
        progress,
        returnValue,
        failedReason,
        stackTraces,
        schedulerId);
  }

  /** Empty if it has none. */
  String group() {
    return options.group().orElse("");
  }

  void waits() {
    state = JobState.WAITING;
    runAt = Optional.empty();
    finishedAt = Optional.empty();
    returnValue = Optional.empty();
  }

  void fails(String reason, Instant now) {
    state = JobState.FAILED;
    runAt = Optional.empty();
    failedReason = Optional.of(reason);
    finishedAt = Optional.of(now);
  }

  /** What was canceled does not wait again. */
  void waitsUnlessCanceled(Instant now) {
    if (cancelReason == null) {
      waits();
    } else {
      fails(cancelReason, now);
    }
    cancelReason = null;
  }
}
