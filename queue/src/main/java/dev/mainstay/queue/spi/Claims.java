package dev.mainstay.queue.spi;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.ClaimSource.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what a worker takes: from each group in turn, and no more than the limits allow. If there
 * are limits, the store must keep other workers from taking jobs until this is done.
 *
 * @param <E> what the store throws when it fails
 */
public final class Claims<E extends Exception> {
  private static final long UNLIMITED = Long.MAX_VALUE;

  private final ClaimSource<E> source;
  private final Settings settings;
  private final boolean limited;
  private final Budget queue;
  private final List<Claimed> claimed = new ArrayList<>();
  private int room;
  private String last;
  private long freeAt = Long.MAX_VALUE;
  private boolean stopped;

  /**
   * What came of it.
   *
   * @param room how many more could have been taken
   * @param last the group that was served last
   * @param dry true if nothing that is left may be taken before something changes
   * @param freeAt epoch milliseconds at which a limit of the queue will allow more; {@link
   *     Long#MAX_VALUE} if none stands in the way
   */
  public record Taken(List<Claimed> claimed, int room, String last, boolean dry, long freeAt) {}

  /** What is left of the two rates of the queue, or of a group. */
  private final class Budget {
    final String group;
    final Optional<RateLimit> rate;
    final Optional<RateLimit> unitRate;
    private @Nullable RateWindow jobs;
    private @Nullable RateWindow units;
    private long jobsTaken;
    private long unitsTaken;

    Budget(String group, Optional<RateLimit> rate, Optional<RateLimit> unitRate) throws E {
      this.group = group;
      this.rate = rate;
      this.unitRate = unitRate;
      jobs = rate.isPresent() ? source.window(group, Measure.JOBS, rate.get()) : null;
      units = unitRate.isPresent() ? source.window(group, Measure.UNITS, unitRate.get()) : null;
    }

    long jobsLeft() {
      return jobs == null ? UNLIMITED : Math.max(0, jobs.left() - jobsTaken);
    }

    /** The most that a job may want now. */
    long unitsLeft() {
      if (units == null || (unitsTaken == 0 && units.admits(UNLIMITED))) {
        return UNLIMITED;
      }
      return units.left() - unitsTaken;
    }

    void take(Claimed claim) {
      jobsTaken++;
      unitsTaken += claim.job().options().units();
    }

    /** Stores what has been taken. */
    void commit() throws E {
      if (jobsTaken > 0 && rate.isPresent()) {
        source.use(group, Measure.JOBS, rate.get(), jobsTaken);
        jobs = Objects.requireNonNull(jobs).plus(jobsTaken);
      }
      if (unitsTaken > 0 && unitRate.isPresent()) {
        source.use(group, Measure.UNITS, unitRate.get(), unitsTaken);
        units = Objects.requireNonNull(units).plus(unitsTaken);
      }
      jobsTaken = 0;
      unitsTaken = 0;
    }

    /** When a job that wants so much can start; call it after {@link #commit}. */
    long freeAt(long wanted) {
      long free = 0;
      if (jobs != null) {
        free = jobs.freeAt(1);
      }
      return units == null ? free : Math.max(free, units.freeAt(wanted));
    }
  }

  private Claims(ClaimSource<E> source, Settings settings, boolean limited, int room, String last)
      throws E {
    this.source = source;
    this.settings = settings;
    this.limited = limited;
    this.room = room;
    this.last = last;
    queue = new Budget(ClaimSource.NO_GROUP, settings.rate(), settings.units());
  }

  /**
   * @param grouped whether jobs wait that have a group
   * @param limited whether the queue or any group has limits
   * @param capacity how many to take at most
   * @param last the group that this worker served last
   */
  public static <E extends Exception> Taken take(
      ClaimSource<E> source,
      Settings settings,
      boolean grouped,
      boolean limited,
      int capacity,
      String last)
      throws E {
    int room = room(source, settings, capacity);
    if (room == 0) {
      return new Taken(List.of(), 0, last, true, Long.MAX_VALUE);
    }
    return new Claims<>(source, settings, limited, room, last).take(grouped);
  }

  /** How many jobs the queue has room for, but for its rates. */
  public static <E extends Exception> int room(
      ClaimSource<E> source, Settings settings, int capacity) throws E {
    if (settings.paused()) {
      return 0;
    }
    return settings.concurrency().isEmpty()
        ? capacity
        : Math.clamp((long) settings.concurrency().getAsInt() - source.active(), 0, capacity);
  }

  private Taken take(boolean grouped) throws E {
    stopIfSpent();
    if (grouped) {
      while (room > 0 && !stopped && serveGroups()) {
        stopIfSpent();
      }
    } else if (!stopped) {
      serve(ClaimSource.NO_GROUP, GroupLimits.NONE, room);
    }
    queue.commit();
    stopIfSpent();
    return new Taken(claimed, room, last, stopped || (limited && room > 0), freeAt);
  }

  private void stopIfSpent() {
    if (queue.jobsLeft() == 0) {
      stop(1);
    }
  }

  /** The queue's rates allow no more before a job that wants so much can start. */
  private void stop(long wanted) {
    stopped = true;
    freeAt = queue.freeAt(wanted);
  }

  /**
   * Serves each group that can be served once, as far as there is room.
   *
   * @return false if that changed nothing
   */
  private boolean serveGroups() throws E {
    int each = settings.groups().concurrency().orElse(Integer.MAX_VALUE);
    List<String> groups = source.groups(last, room, each);
    int share = groups.isEmpty() ? 0 : room / groups.size();
    int more = groups.isEmpty() ? 0 : room % groups.size();
    boolean changed = false;
    for (int i = 0; i < groups.size() && !stopped; i++) {
      String group = groups.get(i);
      GroupLimits limits =
          group.equals(ClaimSource.NO_GROUP)
              ? GroupLimits.NONE
              : limited ? source.limits(group).orElse(settings.groups()) : GroupLimits.NONE;
      changed |= serve(group, limits, i < more ? share + 1 : share);
      if (!stopped && (i == more - 1 || more == 0)) {
        last = group;
      }
    }
    return changed;
  }

  /**
   * Takes up to {@code share} jobs of a group.
   *
   * @return true if some were taken or the group is blocked now
   */
  private boolean serve(String group, GroupLimits limits, int share) throws E {
    Budget budget = new Budget(group, limits.rate(), limits.units());
    long most = Math.min(Math.min(share, room), Math.min(queue.jobsLeft(), budget.jobsLeft()));
    if (limits.concurrency().isPresent()) {
      most = Math.min(most, limits.concurrency().getAsInt() - source.active(group));
    }
    int before = claimed.size();
    boolean refused = false;
    if (most > 0 && queue.units == null && budget.units == null) {
      source.claim(group, (int) most).forEach(claim -> took(claim, budget));
    } else {
      while (!refused && claimed.size() - before < most) {
        Optional<Claimed> claim =
            source.claimOne(group, Math.min(queue.unitsLeft(), budget.unitsLeft()));
        claim.ifPresent(taken -> took(taken, budget));
        refused = claim.isEmpty();
      }
    }
    budget.commit();
    boolean blocked = budget.jobsLeft() == 0;
    long wanted = 1;
    if (refused) {
      OptionalLong first = source.wanted(group);
      if (first.isPresent()) {
        wanted = first.getAsLong();
        queue.commit();
        blocked |= wanted > budget.unitsLeft();
        // Who is next waits for the queue's units, lest those who want less always go first.
        if (!blocked && wanted > queue.unitsLeft()) {
          stop(wanted);
        }
      }
    }
    if (blocked) {
      source.block(group, budget.freeAt(wanted));
    }
    return claimed.size() > before || blocked;
  }

  private void took(Claimed claim, Budget budget) {
    claimed.add(claim);
    room--;
    queue.take(claim);
    budget.take(claim);
  }
}
