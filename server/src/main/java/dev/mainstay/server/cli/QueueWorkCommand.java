package dev.mainstay.server.cli;

import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A worker for any language. */
@Command(
    name = "work",
    description = {
      "Run the jobs of a queue, one process for each.",
      "The job is given as JSON on standard input; the last line of standard output is its result, as JSON; other lines"
          + " become its log; another exit code than 0 is a failure."
    },
    mixinStandardHelpOptions = true)
final class QueueWorkCommand extends QueueCommand.OfQueue {

  @Option(
      names = "--exec",
      required = true,
      paramLabel = "CMD",
      description = "What to run, in a shell; it has MAINSTAY_JOB_ID and MAINSTAY_LEASE_TOKEN")
  private String command = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "How many jobs run here at once; ${DEFAULT-VALUE} if absent",
      defaultValue = "1")
  private int concurrency;

  @Option(
      names = "--lease",
      paramLabel = "TIME",
      description =
          "When the jobs of a worker that has died go to another; ${DEFAULT-VALUE} if absent",
      defaultValue = "30s",
      converter = DurationConverter.class)
  private Duration lease = WorkerOptions.DEFAULT_LEASE;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "How long jobs may go on when this is told to stop; ${DEFAULT-VALUE} if absent",
      defaultValue = "30s",
      converter = DurationConverter.class)
  private Duration grace = Duration.ZERO;

  @Option(
      names = "--remove-on-complete",
      paramLabel = "KEEP",
      description =
          "Which completed jobs to keep where a job says nothing itself: "
              + RetentionConverter.FORM,
      converter = RetentionConverter.class)
  private @Nullable Retention removeOnComplete;

  @Option(
      names = "--remove-on-fail",
      paramLabel = "KEEP",
      description = "The same for failed jobs",
      converter = RetentionConverter.class)
  private @Nullable Retention removeOnFail;

  @Override
  void run(LocalData data) throws InterruptedException {
    WorkerOptions options = options();
    StopSignal stop = new StopSignal();
    try (Worker worker = WhileAway.retry(data.deadline(), () -> start(data, options))) {
      out().printf("Working on %s, %d at once; Ctrl-C stops%n", queue(), concurrency);
      out().flush();
      stop.await();
      worker.close(grace);
    } finally {
      stop.done();
    }
  }

  private WorkerOptions options() {
    WorkerOptions options = WorkerOptions.of(workerId(), concurrency).withLease(lease);
    if (removeOnComplete != null) {
      options = options.withRemoveOnComplete(removeOnComplete);
    }
    return removeOnFail == null ? options : options.withRemoveOnFail(removeOnFail);
  }

  private Worker start(LocalData data, WorkerOptions options) {
    TaskQueue jobs = data.queues().openOrCreate(name(data));
    return jobs.work(options, new ExecHandler(queue(), command, out()));
  }

  /** A restarted worker is another one: the jobs of this one may still have processes. */
  private static String workerId() {
    return host() + "-" + ProcessHandle.current().pid();
  }

  private static String host() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.isBlank() ? "host" : name;
    } catch (UnknownHostException e) {
      return "host";
    }
  }
}
