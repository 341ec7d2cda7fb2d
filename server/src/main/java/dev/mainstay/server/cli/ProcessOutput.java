package dev.mainstay.server.cli;

import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.TaskQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process prints. The last line of standard output that is not blank is its result; all
 * others are lines of its log. What is kept is bounded, and the process never waits for it to be
 * stored. Its monitor protects all that changes.
 */
final class ProcessOutput {
  private static final Logger log = LoggerFactory.getLogger(ProcessOutput.class);
  private static final int MAX_PENDING = 1000;

  /** A character has a byte at least: one that is longer is too long for a result. */
  private static final int MAX_LINE = TaskQueue.MAX_RETURN_VALUE_BYTES + 1;

  private final Deque<String> pending = new ArrayDeque<>();
  private final List<Thread> readers = new ArrayList<>();
  private long dropped;
  private String result = "";
  private String lastError = "";

  ProcessOutput(Process process) {
    readers.add(read(process.getInputStream(), this::printed));
    readers.add(read(process.getErrorStream(), this::complained));
  }

  private static Thread read(InputStream stream, Consumer<String> lines) {
    return Thread.ofVirtual()
        .name("job output")
        .start(
            () -> {
              try (Reader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                lines(reader, lines);
              } catch (IOException e) {
                log.debug("The process is gone", e);
              }
            });
  }

  /** As {@link BufferedReader#readLine}, but bounded. NUL, which no database takes, is replaced. */
  private static void lines(Reader reader, Consumer<String> lines) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      if (c == '\n') {
        lines.accept(line.toString());
        line.setLength(0);
      } else if (line.length() < MAX_LINE) {
        line.append(c == 0 ? '\uFFFD' : (char) c);
      }
    }
    lines.accept(line.toString());
  }

  private synchronized void printed(String line) {
    if (!line.isBlank()) {
      add(result);
      result = line.strip();
    }
  }

  private synchronized void complained(String line) {
    if (!line.isBlank()) {
      lastError = line.strip();
      add(line.stripTrailing());
    }
  }

  private void add(String line) {
    if (line.isEmpty()) {
      return;
    }
    if (pending.size() == MAX_PENDING) {
      pending.removeFirst();
      dropped++;
    }
    pending.addLast(line);
  }

  /** Waits until all is read, if it can be. */
  void await(Duration limit) throws InterruptedException {
    for (Thread reader : readers) {
      reader.join(limit);
    }
  }

  /** The result of a process that has ended so; nothing if it failed, the line is logged then. */
  synchronized String result(int exitCode) {
    if (exitCode != 0) {
      add(result);
      return "";
    }
    return result;
  }

  /** Why a process has failed, in a sentence. */
  synchronized String failure(int exitCode) {
    return lastError.isEmpty()
        ? "exit code " + exitCode
        : "exit code " + exitCode + ": " + lastError;
  }

  /** Stores the lines that have come since the last time. */
  void log(JobContext context) {
    List<String> lines = new ArrayList<>();
    synchronized (this) {
      if (dropped > 0) {
        lines.add("… " + dropped + " lines left out …");
        dropped = 0;
      }
      lines.addAll(pending);
      pending.clear();
    }
    lines.forEach(context::log);
  }
}
