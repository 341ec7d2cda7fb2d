package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settlement;
import dev.mainstay.queue.spi.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job from its claim until its end is recorded. {@link Slots} guards what is neither
 * final nor volatile.
 */
final class RunningJob implements JobContext {
  /** Values of children that are read at once; one has 1 MiB at most. */
  private static final int VALUES_PAGE = 100;

  final Claimed claimed;
  private final QueueStore store;
  private final InstantSource clock;
  private final UsedUnits units;
  private volatile boolean held = true;
  private volatile boolean hasChildren;

  /** When the lease ends, as far as the store has confirmed it. */
  Instant leaseUntil;

  /** {@link System#nanoTime} at which the handler has run for too long. */
  long timeoutAt = System.nanoTime() + NEVER;

  @Nullable Thread thread;

  /** The first reason to interrupt the handler for which it keeps the lease. */
  @Nullable Interruption interruption;

  @Nullable End end;

  /** True if the store was told of the end, and its answer was lost. */
  boolean unheard;

  /** How the handler ended, and when. */
  record End(Settlement settlement, Instant at) {}

  RunningJob(Claimed claimed, Instant leaseUntil, QueueStore store, InstantSource clock) {
    this.claimed = claimed;
    this.leaseUntil = leaseUntil;
    this.store = store;
    this.clock = clock;
    this.hasChildren = claimed.hasChildren();
    this.units = new UsedUnits(claimed.job(), store, clock);
  }

  /** Its handler is about to begin. */
  void starts(Thread handler) {
    thread = handler;
    timeoutAt =
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
    require(store.updateProgress(Target.lease(claimed), progress, clock.instant()));
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

  boolean hasChildren() {
    return hasChildren;
  }

  @Override
  public List<FlowNode> addChildren(List<Flow> children) {
    Instant now = clock.instant();
    List<FlowJob> jobs = FlowTree.jobs(children, true, now);
    // Also if the call fails, for it may have been done all the same.
    hasChildren = true;
    return FlowTree.nodes(jobs, store.addChildren(claimed, jobs, now).orElseThrow(this::lost));
  }

  @Override
  public Page<Dependency> dependencies(Optional<String> cursor, int limit) {
    Limits.range("limit", limit, 1, TaskQueue.MAX_PAGE);
    return store.dependencies(claimed.job().id(), cursor, limit);
  }

  @Override
  public Map<JobKey, String> childrenValues() {
    return values(DependencyState.PROCESSED);
  }

  @Override
  public Map<JobKey, String> ignoredChildrenFailures() {
    return values(DependencyState.IGNORED);
  }

  private Map<JobKey, String> values(DependencyState state) {
    Map<JobKey, String> values = new LinkedHashMap<>();
    long length = 0;
    Optional<String> cursor = Optional.empty();
    do {
      Page<Dependency> page = dependencies(cursor, VALUES_PAGE);
      for (Dependency child : page.items()) {
        if (child.state() == state) {
          String value = child.value().orElse("");
          length += value.length();
          if (length > MAX_VALUES_LENGTH) {
            throw new IllegalStateException(
                "The children of job %s have more than %d characters; read them by the page"
                    .formatted(claimed.job().id(), MAX_VALUES_LENGTH));
          }
          values.put(child.job(), value);
        }
      }
      cursor = page.next();
    } while (cursor.isPresent());
    return values;
  }

  private IllegalStateException lost() {
    return new IllegalStateException(
        "The lease %d on job %s is lost".formatted(token(), claimed.job().id()));
  }

  private void require(Change change) {
    if (!change.done()) {
      throw lost();
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
