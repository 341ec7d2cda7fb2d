package dev.mainstay.queue.memory;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.spi.Dependencies;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A job and what only its store knows of it. {@link MemoryStore} guards it. */
final class Entry {
  private static final Comparator<JobKey> BY_NAME =
      Comparator.comparing(JobKey::queue).thenComparing(JobKey::id);

  final String queue;
  final String id;
  final String name;
  final Instant createdAt;
  final Optional<String> schedulerId;

  /** Order of arrival; never used twice. */
  final long sequence;

  final Deque<String> logs = new ArrayDeque<>();

  /** As long as there have been any. */
  final NavigableMap<JobKey, Dependency> children = new TreeMap<>(BY_NAME);

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

  /** The job fails for this when it is taken. */
  @Nullable String deferredFailure;

  private Optional<JobKey> parent;
  private @Nullable Entry parentEntry;

  Entry(String queue, long sequence, long position, Job added) {
    this.queue = queue;
    this.parent = added.parent();
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
        schedulerId,
        parent);
  }

  JobKey key() {
    return new JobKey(queue, id);
  }

  void setParent(Entry other) {
    parentEntry = other;
    parent = Optional.of(other.key());
  }

  /** Perhaps removed by now. */
  @Nullable Entry parentEntry() {
    return parentEntry;
  }

  Page<Dependency> dependencies(Optional<String> cursor, int limit) {
    var after =
        cursor.isEmpty() ? children : children.tailMap(Dependencies.key(cursor.get()), false);
    return Dependencies.page(after.values().stream().limit(limit + 1L).toList(), limit);
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
    deferredFailure = null;
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
