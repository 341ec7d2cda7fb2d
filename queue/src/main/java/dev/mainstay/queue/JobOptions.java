package dev.mainstay.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * How a job is to be run; the names are those of BullMQ's {@code JobsOptions}.
 *
 * @param id unique in its queue, 1 to {@link JobRequest#MAX_NAME_LENGTH} characters; adding an id
 *     that exists returns the job that is there; without one the queue makes one
 * @param priority from 0, which is taken first, to {@link #MAX_PRIORITY}
 * @param lifo true if it is taken before the others of its priority that wait
 * @param delay time until it is due, from zero to {@link #MAX_DELAY}
 * @param attempts how often it may be tried in all, at least 1
 * @param removeOnComplete which completed jobs stay once this one has completed
 * @param removeOnFail which failed jobs stay once this one has failed
 * @param timeout the handler is interrupted after this time, and the attempt has failed
 * @param keepLogs lines of log that are kept, the newest, up to {@link #MAX_KEEP_LOGS}
 * @param stackTraceLimit stack traces that are kept, the newest, up to {@link
 *     #MAX_STACK_TRACE_LIMIT}
 * @param group jobs are taken from each group in turn, so that none has to wait for all the jobs of
 *     another; those without one are a group too. 1 to {@link JobRequest#MAX_NAME_LENGTH}
 *     characters
 * @param units what the job is expected to use of the queue's {@linkplain QueueControl#setUnitLimit
 *     unit limit}, from 1 to {@link RateLimit#MAX}
 * @param deduplication keeps it from being added while another job has the same deduplication id
 * @param onFailure what becomes of its parent when it has failed for good
 */
public record JobOptions(
    Optional<String> id,
    int priority,
    boolean lifo,
    Duration delay,
    int attempts,
    Backoff backoff,
    Retention removeOnComplete,
    Retention removeOnFail,
    Optional<Duration> timeout,
    int keepLogs,
    int stackTraceLimit,
    Optional<String> group,
    long units,
    Optional<Deduplication> deduplication,
    OnFailure onFailure) {

  /** BullMQ's greatest, 2<sup>21</sup> - 1. */
  public static final int MAX_PRIORITY = (1 << 21) - 1;

  public static final Duration MAX_DELAY = Duration.ofDays(3650);
  public static final int MAX_KEEP_LOGS = 10_000;
  public static final int MAX_STACK_TRACE_LIMIT = 100;

  /** Once, now, at priority 0. */
  public static final JobOptions DEFAULT = builder().build();

  /**
   * @throws IllegalArgumentException a value is out of range; the message names the limit
   */
  public JobOptions {
    id.ifPresent(value -> Limits.name("id", value));
    Limits.range("priority", priority, 0, MAX_PRIORITY);
    Limits.range("delay", delay, Duration.ZERO, MAX_DELAY);
    Limits.range("attempts", attempts, 1, Integer.MAX_VALUE);
    timeout.ifPresent(value -> Limits.range("timeout", value, Duration.ofMillis(1), MAX_DELAY));
    Limits.range("keepLogs", keepLogs, 0, MAX_KEEP_LOGS);
    Limits.range("stackTraceLimit", stackTraceLimit, 0, MAX_STACK_TRACE_LIMIT);
    group.ifPresent(value -> Limits.name("group", value));
    Limits.range("units", units, 1, RateLimit.MAX);
  }

  public static Builder builder() {
    return new Builder();
  }

  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects options; each has the default of {@link JobOptions#DEFAULT} until it is set. */
  public static final class Builder {
    private Optional<String> id = Optional.empty();
    private int priority;
    private boolean lifo;
    private Duration delay = Duration.ZERO;
    private int attempts = 1;
    private Backoff backoff = Backoff.NONE;
    private Retention removeOnComplete = Retention.DEFAULT;
    private Retention removeOnFail = Retention.DEFAULT;
    private Optional<Duration> timeout = Optional.empty();
    private int keepLogs = 1000;
    private int stackTraceLimit = 10;
    private Optional<String> group = Optional.empty();
    private long units = 1;
    private Optional<Deduplication> deduplication = Optional.empty();
    private OnFailure onFailure = OnFailure.WAIT;

    private Builder() {}

    private Builder(JobOptions options) {
      id = options.id;
      priority = options.priority;
      lifo = options.lifo;
      delay = options.delay;
      attempts = options.attempts;
      backoff = options.backoff;
      removeOnComplete = options.removeOnComplete;
      removeOnFail = options.removeOnFail;
      timeout = options.timeout;
      keepLogs = options.keepLogs;
      stackTraceLimit = options.stackTraceLimit;
      group = options.group;
      units = options.units;
      deduplication = options.deduplication;
      onFailure = options.onFailure;
    }

    public Builder id(String value) {
      id = Optional.of(value);
      return this;
    }

    public Builder priority(int value) {
      priority = value;
      return this;
    }

    public Builder priority(Priority value) {
      priority = value.number();
      return this;
    }

    public Builder lifo(boolean value) {
      lifo = value;
      return this;
    }

    public Builder delay(Duration value) {
      delay = value;
      return this;
    }

    public Builder attempts(int value) {
      attempts = value;
      return this;
    }

    public Builder attempts(int value, Backoff wait) {
      attempts = value;
      backoff = wait;
      return this;
    }

    public Builder backoff(Backoff value) {
      backoff = value;
      return this;
    }

    public Builder removeOnComplete(Retention value) {
      removeOnComplete = value;
      return this;
    }

    public Builder removeOnFail(Retention value) {
      removeOnFail = value;
      return this;
    }

    public Builder timeout(Duration value) {
      timeout = Optional.of(value);
      return this;
    }

    public Builder keepLogs(int value) {
      keepLogs = value;
      return this;
    }

    public Builder stackTraceLimit(int value) {
      stackTraceLimit = value;
      return this;
    }

    public Builder group(String value) {
      group = Optional.of(value);
      return this;
    }

    public Builder units(long value) {
      units = value;
      return this;
    }

    public Builder deduplication(Deduplication value) {
      deduplication = Optional.of(value);
      return this;
    }

    public Builder onFailure(OnFailure value) {
      onFailure = value;
      return this;
    }

    public JobOptions build() {
      return new JobOptions(
          id,
          priority,
          lifo,
          delay,
          attempts,
          backoff,
          removeOnComplete,
          removeOnFail,
          timeout,
          keepLogs,
          stackTraceLimit,
          group,
          units,
          deduplication,
          onFailure);
    }
  }
}
