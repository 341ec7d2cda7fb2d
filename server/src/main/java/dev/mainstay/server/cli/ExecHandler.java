package dev.mainstay.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.queue.JobView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a job as a process. */
final class ExecHandler implements JobHandler {
  private static final Logger log = LoggerFactory.getLogger(ExecHandler.class);

  /** Puts the process into a session of its own, so that Ctrl-C is for the worker alone. */
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private static final Duration LOG_INTERVAL = Duration.ofMillis(200);

  /** Between SIGTERM and SIGKILL. */
  private static final Duration TERMINATION = Duration.ofSeconds(5);

  /** A process that outlives its parent may keep the pipes open; nobody waits longer for it. */
  private static final Duration PIPES = Duration.ofSeconds(1);

  private final String queue;
  private final List<String> command;
  private final PrintWriter report;

  /**
   * @param queue its name without the organization
   */
  ExecHandler(String queue, String command, PrintWriter report) {
    this.queue = queue;
    this.report = report;
    List<String> shell = List.of("/bin/sh", "-c", command);
    this.command =
        SETSID.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .map(setsid -> Stream.concat(Stream.of(setsid.toString()), shell.stream()).toList())
            .orElse(shell);
  }

  /** The process ended with another exit code than 0. Its own trace says nothing. */
  private static final class ExitException extends Exception {
    private static final long serialVersionUID = 1L;

    ExitException(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public String handle(Job job, JobContext context) throws Exception {
    long start = System.nanoTime();
    boolean done = false;
    try {
      String result = run(job, context);
      done = true;
      return result;
    } finally {
      report.printf(
          "%s %s %s in %d ms%n",
          job.name(),
          job.id(),
          done ? "completed" : "ended early",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      report.flush();
    }
  }

  private String run(Job job, JobContext context) throws Exception {
    Process process = start(job, context);
    try {
      ProcessOutput output = new ProcessOutput(process);
      Thread.ofVirtual().name("job input").start(() -> give(process, job, context));
      while (!process.waitFor(LOG_INTERVAL)) {
        output.log(context);
      }
      output.await(PIPES);
      int exitCode = process.exitValue();
      String result = output.result(exitCode);
      output.log(context);
      if (exitCode != 0) {
        throw new ExitException(output.failure(exitCode));
      }
      return json(result);
    } finally {
      end(process);
    }
  }

  private Process start(Job job, JobContext context) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MAINSTAY_QUEUE", queue);
    builder.environment().put("MAINSTAY_JOB_ID", job.id());
    builder.environment().put("MAINSTAY_JOB_NAME", job.name());
    builder.environment().put("MAINSTAY_LEASE_TOKEN", Long.toString(context.token()));
    return builder.start();
  }

  private void give(Process process, Job job, JobContext context) {
    ObjectNode view = Json.MAPPER.valueToTree(JobView.of(queue, job));
    view.put("leaseToken", context.token());
    try (OutputStream in = process.getOutputStream()) {
      in.write((Json.write(view) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.debug("The process did not read its job", e);
    }
  }

  /** What is no JSON is kept as a JSON string: the work is done, and would be done twice. */
  private static String json(String line) {
    return line.isEmpty() || Json.tryRead(line).isPresent() ? line : Json.write(line);
  }

  /** Ends what is left of a process and its children. */
  private static void end(Process process) {
    List<ProcessHandle> left =
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
            .filter(ProcessHandle::isAlive)
            .toList();
    left.forEach(ProcessHandle::destroy);
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + TERMINATION.toNanos();
    while (left.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    left.forEach(ProcessHandle::destroyForcibly);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
