package dev.mainstay.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.queue.JobView;
import dev.mainstay.server.queue.QueueName;
import dev.mainstay.server.queue.QueueView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Queues from the shell. */
@Command(
    name = "queue",
    description = "Look at queues, add jobs, run them",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QueueCommand.Ls.class,
      QueueCommand.Add.class,
      QueueCommand.Show.class,
      SchedulerCommands.Schedule.class,
      SchedulerCommands.Schedulers.class,
      SchedulerCommands.Unschedule.class,
      QueueCommand.Pause.class,
      QueueCommand.Resume.class,
      QueueCommand.Concurrency.class,
      QueueCommand.Rate.class,
      QueueCommand.Retry.class,
      QueueCommand.Promote.class,
      QueueCommand.Cancel.class,
      QueueCommand.Remove.class,
      QueueCommand.Drain.class,
      QueueCommand.Clean.class,
      QueueCommand.Obliterate.class,
      PlainNamesCommand.class,
      QueueWorkCommand.class,
      QueueWorkersCommand.class
    })
final class QueueCommand implements Runnable {
  private static final int PAGE = 200;
  private static final int LOG_LINES = 1000;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command");
  }

  /** A command on one queue. */
  abstract static class OfQueue extends QueueAction {
    @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue's name")
    private String queue = "";

    final QueueName name(LocalData data) {
      return data.queue(queue);
    }

    final String queue() {
      return queue;
    }

    final TaskQueue open(LocalData data) {
      return data.queues().open(name(data));
    }
  }

  /** A command on one job. */
  abstract static class OfJob extends OfQueue {
    @Parameters(index = "1", paramLabel = "ID", description = "The job's id")
    private String id = "";

    final String id() {
      return id;
    }
  }

  @Command(name = "ls", description = "List queues", mixinStandardHelpOptions = true)
  static final class Ls extends QueueAction {
    @Override
    void run(LocalData data) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(
          List.of("QUEUE", "WAITING", "DELAYED", "ACTIVE", "COMPLETED", "FAILED", "LIMIT", ""));
      data.queues().discover();
      String organization = data.identity().ownerOrganization();
      String after = "";
      do {
        Page<QueueView> page = data.queues().list(organization, after, PAGE);
        page.items().forEach(queue -> rows.add(row(queue)));
        after = Optional.ofNullable(page.nextCursor()).orElse("");
      } while (!after.isEmpty());
      Table.print(out(), rows);
    }

    private static List<String> row(QueueView queue) {
      return List.of(
          queue.name(),
          Long.toString(queue.counts().waiting()),
          Long.toString(queue.counts().delayed()),
          Long.toString(queue.counts().active()),
          Long.toString(queue.counts().completed()),
          Long.toString(queue.counts().failed()),
          queue.concurrency() == null ? "-" : queue.concurrency().toString(),
          queue.paused() ? "paused" : "");
    }
  }

  @Command(
      name = "add",
      description = "Add a job and print its id; the first job makes the queue",
      mixinStandardHelpOptions = true)
  static final class Add extends OfQueue {
    @Parameters(index = "1", paramLabel = "NAME", description = "What kind of job it is")
    private String job = "";

    @Option(
        names = "--data",
        paramLabel = "JSON",
        description = "The job's data; - reads it from standard input; null if absent")
    private String json = "null";

    @Mixin private JobOptionsMixin options = new JobOptionsMixin();

    @Override
    void run(LocalData data) throws IOException {
      String text = json.equals("-") ? standardInput() : json;
      if (Json.tryRead(text).isEmpty()) {
        throw new CommandFailedException("--data is not valid JSON");
      }
      JobOptions wanted = options.options();
      JobRequest request = new JobRequest(job, text, wanted);
      out().println(data.queues().openOrCreate(name(data)).add(request).id());
    }

    private static String standardInput() throws IOException {
      // One byte more than is allowed tells a whole one from one that is too long.
      byte[] bytes = System.in.readNBytes(TaskQueue.MAX_DATA_BYTES + 1);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Command(
      name = "show",
      description = "Show a job with its log as JSON, or list the jobs of a queue",
      mixinStandardHelpOptions = true)
  static final class Show extends OfQueue {
    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The job's id")
    private @Nullable String id;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "List jobs of one state: ${COMPLETION-CANDIDATES}",
        converter = StateConverter.class,
        completionCandidates = StateConverter.class)
    private @Nullable JobState state;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "List so many jobs of each state; ${DEFAULT-VALUE} if absent",
        defaultValue = "20")
    private int limit;

    @Override
    void run(LocalData data) {
      TaskQueue queue = open(data);
      if (id != null) {
        job(queue, id);
        return;
      }
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("ID", "NAME", "STATE", "ATTEMPTS", "ADDED"));
      for (JobState one : state == null ? List.of(JobState.values()) : List.of(state)) {
        for (Job job : queue.list(one, Optional.empty(), limit).items()) {
          rows.add(
              List.of(
                  job.id(),
                  job.name(),
                  StateConverter.word(job.state()),
                  job.attemptsMade() + "/" + job.options().attempts(),
                  job.createdAt().toString()));
        }
      }
      Table.print(out(), rows);
    }

    private void job(TaskQueue queue, String wanted) {
      Job job = queue.find(wanted).orElseThrow(() -> new JobNotFoundException(wanted));
      ObjectNode view = Json.MAPPER.valueToTree(JobView.of(queue(), job));
      var lines = view.putArray("logs");
      queue.logs(wanted, 0, LOG_LINES).forEach(lines::add);
      out().println(view.toPrettyString());
    }
  }

  @Command(
      name = "pause",
      description = "Let no more jobs be taken",
      mixinStandardHelpOptions = true)
  static final class Pause extends OfQueue {
    @Override
    void run(LocalData data) {
      data.queues().openOrCreate(name(data)).pause();
    }
  }

  @Command(
      name = "resume",
      description = "Let jobs be taken again",
      mixinStandardHelpOptions = true)
  static final class Resume extends OfQueue {
    @Override
    void run(LocalData data) {
      open(data).resume();
    }
  }

  @Command(
      name = "concurrency",
      description = "Limit the active jobs over all workers",
      mixinStandardHelpOptions = true)
  static final class Concurrency extends OfQueue {
    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "N",
        description = "How many jobs may be active at once; any number if absent")
    private @Nullable Integer most;

    @Override
    void run(LocalData data) {
      data.queues()
          .openOrCreate(name(data))
          .setConcurrency(most == null ? OptionalInt.empty() : OptionalInt.of(most));
    }
  }

  @Command(
      name = "rate",
      description = "Limit how many jobs start within a time, or how many units they use",
      mixinStandardHelpOptions = true)
  static final class Rate extends OfQueue {
    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "N/TIME",
        description = "The limit, for example 100/1m or 5/1s; none if absent",
        converter = RateLimitConverter.class)
    private @Nullable RateLimit limit;

    @Option(names = "--units", description = "Limit the units that jobs use, not the jobs")
    private boolean units;

    @Override
    void run(LocalData data) {
      TaskQueue queue = data.queues().openOrCreate(name(data));
      if (units) {
        queue.setUnitLimit(Optional.ofNullable(limit));
      } else {
        queue.setRateLimit(Optional.ofNullable(limit));
      }
    }
  }

  /** A number and a time after a slash. */
  static final class RateLimitConverter implements ITypeConverter<RateLimit> {
    @Override
    public RateLimit convert(String text) {
      String[] parts = text.split("/", 2);
      if (parts.length != 2 || !parts[0].matches("\\d{1,15}")) {
        throw new TypeConversionException("\"" + text + "\" is not of the form 100/1m");
      }
      try {
        return new RateLimit(Long.parseLong(parts[0]), new DurationConverter().convert(parts[1]));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Command(
      name = "retry",
      description = "Try a finished job again, or all failed ones",
      mixinStandardHelpOptions = true)
  static final class Retry extends OfQueue {
    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The job's id")
    private @Nullable String id;

    @Option(names = "--all-failed", description = "All jobs that have failed; prints how many")
    private boolean allFailed;

    @Override
    void run(LocalData data) {
      if ((id == null) != allFailed) {
        throw usage("Name either a job or --all-failed");
      }
      TaskQueue queue = open(data);
      if (id != null) {
        queue.retry(id);
      } else {
        out().println(queue.retryAll(JobState.FAILED));
      }
    }
  }

  @Command(
      name = "promote",
      description = "Make a delayed job wait now",
      mixinStandardHelpOptions = true)
  static final class Promote extends OfJob {
    @Override
    void run(LocalData data) {
      open(data).promote(id());
    }
  }

  @Command(
      name = "cancel",
      description = "Fail a job that waits, or interrupt one that is active",
      mixinStandardHelpOptions = true)
  static final class Cancel extends OfJob {
    @Option(names = "--reason", description = "Becomes part of the job's failed reason")
    private String reason = "";

    @Override
    void run(LocalData data) {
      out().println(StateConverter.word(open(data).cancel(id(), reason)));
    }
  }

  @Command(
      name = "rm",
      description = "Remove a job that is not active",
      mixinStandardHelpOptions = true)
  static final class Remove extends OfJob {
    @Override
    void run(LocalData data) {
      open(data).remove(id());
    }
  }

  @Command(
      name = "drain",
      description = "Remove all jobs that wait, and print how many",
      mixinStandardHelpOptions = true)
  static final class Drain extends OfQueue {
    @Option(names = "--delayed", description = "The delayed ones too")
    private boolean delayed;

    @Override
    void run(LocalData data) {
      out().println(open(data).drain(delayed));
    }
  }

  @Command(
      name = "clean",
      description = "Remove old jobs of a state, and print how many",
      mixinStandardHelpOptions = true)
  static final class Clean extends OfQueue {
    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if absent",
        defaultValue = "completed",
        converter = StateConverter.class,
        completionCandidates = StateConverter.class)
    private JobState state = JobState.COMPLETED;

    @Option(
        names = "--grace",
        paramLabel = "TIME",
        description = "Only those that finished, or were added, so long ago: 1h, 7d",
        defaultValue = "0s",
        converter = DurationConverter.class)
    private Duration grace = Duration.ZERO;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "How many at most; ${DEFAULT-VALUE} if absent",
        defaultValue = "1000")
    private int limit;

    @Override
    void run(LocalData data) {
      out().println(open(data).clean(state, grace, limit).size());
    }
  }

  @Command(
      name = "obliterate",
      description = "Remove a queue with all its jobs",
      mixinStandardHelpOptions = true)
  static final class Obliterate extends OfQueue {
    @Option(names = "--force", description = "Active jobs too; their workers lose them")
    private boolean force;

    @Override
    void run(LocalData data) {
      data.queues().remove(name(data), force);
    }
  }
}
