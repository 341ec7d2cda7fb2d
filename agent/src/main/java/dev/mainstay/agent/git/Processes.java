package dev.mainstay.agent.git;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ends processes with all that they started. */
final class Processes {
  /** For git to remove its lock and temporary files. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private Processes() {}

  static void kill(ProcessHandle process) {
    List<ProcessHandle> tree = tree(process);
    tree.forEach(ProcessHandle::destroy);
    try {
      process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // It did not go by itself, and is killed with the others.
    }
    Stream.concat(tree(process).stream(), tree.stream()).forEach(ProcessHandle::destroyForcibly);
  }

  private static List<ProcessHandle> tree(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants()).toList();
  }
}
