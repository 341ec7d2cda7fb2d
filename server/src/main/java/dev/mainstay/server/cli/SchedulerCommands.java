package dev.mainstay.server.cli;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobScheduler;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Job schedulers from the shell. */
final class SchedulerCommands {
  private static final int PAGE = 200;

  private SchedulerCommands() {}

  @Command(
      name = "schedule",
      description = "Make a job scheduler, or change it, and print when its next job is due",
      mixinStandardHelpOptions = true)
  static final class Schedule extends QueueCommand.OfQueue {
    @Parameters(index = "1", paramLabel = "ID", description = "The scheduler's id")
    private String id = "";

    @Parameters(index = "2", paramLabel = "NAME", description = "What kind of job it adds")
    private String job = "";

    @ArgGroup(multiplicity = "1")
    private When when = new When();

    @Option(
        names = "--tz",
        paramLabel = "ZONE",
        description = "The time zone of the pattern, for example Europe/Berlin; UTC if absent")
    private ZoneId zone = ZoneId.of("UTC");

    @Option(names = "--limit", paramLabel = "N", description = "How many jobs it adds in all")
    private @Nullable Integer limit;

    @Option(
        names = "--data",
        paramLabel = "JSON",
        description = "The data of its jobs; null if absent")
    private String json = "null";

    @Mixin private JobOptionsMixin options = new JobOptionsMixin();

    /** One of two. */
    static final class When {
      @Option(
          names = "--cron",
          paramLabel = "PATTERN",
          description = "A cron pattern, as in --cron '0 9 * * 1-5'")
      private @Nullable String pattern;

      @Option(
          names = "--every",
          paramLabel = "TIME",
          description = "An interval, as in --every 5m",
          converter = DurationConverter.class)
      private @Nullable Duration every;

      dev.mainstay.queue.Schedule schedule() {
        return every == null
            ? dev.mainstay.queue.Schedule.cron(Objects.requireNonNullElse(pattern, ""))
            : dev.mainstay.queue.Schedule.every(every);
      }
    }

    @Override
    void run(LocalData data) {
      if (Json.tryRead(json).isEmpty()) {
        throw new CommandFailedException("--data is not valid JSON");
      }
      dev.mainstay.queue.Schedule schedule = when.schedule().in(zone);
      if (limit != null) {
        schedule = schedule.withLimit(limit);
      }
      JobRequest template = new JobRequest(job, json, options.options());
      JobScheduler made =
          data.queues().openOrCreate(name(data)).upsertScheduler(id, schedule, template);
      out().println(next(made));
    }
  }

  private static String next(JobScheduler scheduler) {
    return scheduler.next().map(Instant::toString).orElse("over");
  }

  @Command(
      name = "schedulers",
      description = "List job schedulers",
      mixinStandardHelpOptions = true)
  static final class Schedulers extends QueueCommand.OfQueue {
    @Override
    void run(LocalData data) {
      TaskQueue queue = open(data);
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("ID", "NAME", "WHEN", "JOBS", "NEXT"));
      Optional<String> cursor = Optional.empty();
      do {
        var page = queue.listSchedulers(cursor, PAGE);
        for (JobScheduler scheduler : page.items()) {
          rows.add(
              List.of(
                  scheduler.id(),
                  scheduler.template().name(),
                  when(scheduler.schedule()),
                  Integer.toString(scheduler.iterations()),
                  next(scheduler)));
        }
        cursor = page.next();
      } while (cursor.isPresent());
      Table.print(out(), rows);
    }

    private static String when(dev.mainstay.queue.Schedule schedule) {
      return schedule
          .pattern()
          .map(pattern -> pattern + " " + schedule.timeZone())
          .orElseGet(() -> "every " + schedule.every().orElseThrow());
    }
  }

  @Command(
      name = "unschedule",
      description = "Remove a job scheduler and its next job",
      mixinStandardHelpOptions = true)
  static final class Unschedule extends QueueCommand.OfQueue {
    @Parameters(index = "1", paramLabel = "ID", description = "The scheduler's id")
    private String id = "";

    @Override
    void run(LocalData data) {
      if (!open(data).removeScheduler(id)) {
        throw new CommandFailedException("There is no scheduler " + id);
      }
    }
  }
}
