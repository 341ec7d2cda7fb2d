package dev.mainstay.queue.spi;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@link Claims} asks of a store, all within one atomic operation. Jobs without a group are
 * those of the group {@link #NO_GROUP}.
 *
 * @param <E> what the store throws when it fails
 */
public interface ClaimSource<E extends Exception> {

  String NO_GROUP = "";

  /** What a limit counts. */
  enum Measure {
    JOBS,
    UNITS
  }

  /** Jobs that are active, in all groups. */
  int active() throws E;

  /** Jobs of a group that are active. */
  int active(String group) throws E;

  /**
   * Groups that have jobs which wait, in the order of their names and once around, from the one
   * after {@code after}. Left out are those that {@link #block blocked} now, and those with as many
   * active jobs as they may have.
   *
   * @param each how many that is, for groups without limits of their own
   */
  List<String> groups(String after, int limit, int each) throws E;

  /** The limits of a group, if it has some of its own. */
  Optional<GroupLimits> limits(String group) throws E;

  /** Takes up to {@code limit} jobs of a group, in the order in which they are to start. */
  List<Claimed> claim(String group, int limit) throws E;

  /** Takes the first job of a group if it wants at most {@code units}. */
  Optional<Claimed> claimOne(String group, long units) throws E;

  /** The units that the first job of a group wants. */
  OptionalLong wanted(String group) throws E;

  /**
   * What has been used of a limit.
   *
   * @param group {@link #NO_GROUP} for the limit of the queue
   */
  RateWindow window(String group, Measure measure, RateLimit limit) throws E;

  /** Counts a use as of now. */
  void use(String group, Measure measure, RateLimit limit, long amount) throws E;

  /** Leaves a group out of {@link #groups} until a time, in epoch milliseconds. */
  void block(String group, long until) throws E;
}
