package dev.mainstay.server.cli;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.Priority;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a job is to be run, as options of a command. */
final class JobOptionsMixin {

  @Option(
      names = "--priority",
      paramLabel = "P",
      description = "P0 to P3, or a number from 0, which is taken first, to 2097151",
      converter = PriorityConverter.class)
  private @Nullable Integer priority;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Not before this time has passed: 5s, 10m, 2h, 7d",
      converter = DurationConverter.class)
  private @Nullable Duration delay;

  @Option(names = "--attempts", paramLabel = "N", description = "How often it may be tried in all")
  private @Nullable Integer attempts;

  @Option(
      names = "--backoff",
      paramLabel = "TYPE:TIME",
      description = "The wait between attempts: fixed:10s, exponential:1s",
      converter = BackoffConverter.class)
  private @Nullable Backoff backoff;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "The longest that an attempt may take",
      converter = DurationConverter.class)
  private @Nullable Duration timeout;

  @Option(names = "--lifo", description = "Take it before the others of its priority")
  private boolean lifo;

  @Option(
      names = "--job-id",
      paramLabel = "ID",
      description = "Adding an id that is there gives the job that is there")
  private @Nullable String jobId;

  @Option(
      names = "--group",
      paramLabel = "ID",
      description = "Jobs are taken from each group in turn, for example from each tenant's")
  private @Nullable String group;

  @Option(
      names = "--units",
      paramLabel = "N",
      description = "What the job is expected to use of the queue's unit limit")
  private @Nullable Long units;

  @Option(
      names = "--deduplication-id",
      paramLabel = "ID",
      description = "Not added while another job that has this is not finished")
  private @Nullable String deduplicationId;

  @Option(
      names = "--deduplication-ttl",
      paramLabel = "TIME",
      description = "Not added within this time of another job instead",
      converter = DurationConverter.class)
  private @Nullable Duration deduplicationTtl;

  /**
   * @throws IllegalArgumentException a value is out of range; the message names it
   */
  JobOptions options() {
    JobOptions.Builder options = JobOptions.builder().lifo(lifo);
    Optional.ofNullable(priority).ifPresent(options::priority);
    Optional.ofNullable(delay).ifPresent(options::delay);
    Optional.ofNullable(attempts).ifPresent(options::attempts);
    Optional.ofNullable(backoff).ifPresent(options::backoff);
    Optional.ofNullable(timeout).ifPresent(options::timeout);
    Optional.ofNullable(jobId).ifPresent(options::id);
    Optional.ofNullable(group).ifPresent(options::group);
    Optional.ofNullable(units).ifPresent(options::units);
    deduplication().ifPresent(options::deduplication);
    return options.build();
  }

  private Optional<Deduplication> deduplication() {
    if (deduplicationId == null) {
      if (deduplicationTtl != null) {
        throw new IllegalArgumentException("--deduplication-ttl needs --deduplication-id");
      }
      return Optional.empty();
    }
    return Optional.of(
        deduplicationTtl == null
            ? Deduplication.simple(deduplicationId)
            : Deduplication.throttle(deduplicationId, deduplicationTtl));
  }

  /** P0 to P3, or a number. */
  static final class PriorityConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return Arrays.stream(Priority.values())
          .filter(priority -> priority.name().equalsIgnoreCase(text))
          .map(Priority::number)
          .findFirst()
          .orElseGet(() -> number(text));
    }

    private static int number(String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("\"" + text + "\" is neither P0 to P3 nor a number");
      }
    }
  }

  /** A type, and a time after a colon. */
  static final class BackoffConverter implements ITypeConverter<Backoff> {
    @Override
    public Backoff convert(String text) {
      String[] parts = text.split(":", 2);
      if (parts.length != 2) {
        throw new TypeConversionException("\"" + text + "\" is not of the form exponential:1s");
      }
      Duration wait = new DurationConverter().convert(parts[1]);
      return switch (parts[0]) {
        case Backoff.FIXED -> Backoff.fixed(wait);
        case Backoff.EXPONENTIAL -> Backoff.exponential(wait);
        default ->
            throw new TypeConversionException(
                "\"" + parts[0] + "\" is neither fixed nor exponential");
      };
    }
  }
}
