package dev.mainstay.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * Which finished jobs are kept when one more has finished in the same way. What is not kept is
 * removed soon afterwards, some hundreds at a time; {@link #NONE} removes the job as it ends.
 *
 * @param count the newest so many stay, at least 0
 * @param age none that finished longer ago stays
 * @param byDefault true if nobody has asked for it: the job says nothing, and that of its worker
 *     holds instead if there is one, see {@link WorkerOptions}
 */
public record Retention(int count, Optional<Duration> age, boolean byDefault) {

  /** The job is removed as it ends. */
  public static final Retention NONE = new Retention(0, Optional.empty());

  /** The newest 1,000, if neither the job nor its worker says otherwise. */
  public static final Retention DEFAULT = new Retention(1000, Optional.empty(), true);

  /** BullMQ's default: the queue grows without bound. */
  public static final Retention ALL = newest(Integer.MAX_VALUE);

  /**
   * @throws IllegalArgumentException a value is out of range
   */
  public Retention {
    if (count < 0) {
      throw new IllegalArgumentException("The count to keep must be at least 0, not " + count);
    }
    age.ifPresent(
        value -> Limits.range("The age to keep", value, Duration.ZERO, JobOptions.MAX_DELAY));
  }

  /** One that was asked for. */
  public Retention(int count, Optional<Duration> age) {
    this(count, age, false);
  }

  public static Retention newest(int count) {
    return new Retention(count, Optional.empty());
  }

  public Retention upTo(Duration value) {
    return new Retention(count, Optional.of(value));
  }

  /** This one if it was asked for, else that of the worker if it has one. */
  public Retention or(Optional<Retention> worker) {
    return byDefault ? worker.orElse(this) : this;
  }

  /** Keeps what both keep. */
  public Retention and(Retention other) {
    Optional<Duration> youngest =
        age.isPresent() && other.age.isPresent()
            ? Optional.of(age.get().compareTo(other.age.get()) < 0 ? age.get() : other.age.get())
            : age.or(other::age);
    return new Retention(Math.min(count, other.count), youngest);
  }
}
