package dev.mainstay.server.task;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The runs of this process, so that a cancellation reaches them at once. */
final class RunRegistry {
  private final Map<String, Run> runs = new ConcurrentHashMap<>();

  /** One run in progress, on the thread that opened it. */
  final class Run implements AutoCloseable {
    private final String taskId;
    private final Thread thread = Thread.currentThread();
    // Guarded by this: no interrupt may hit the thread once it does something else.
    private boolean open = true;
    // Once: what the run does to end itself must not be interrupted again.
    private boolean interrupted;

    private Run(String taskId) {
      this.taskId = taskId;
    }

    private synchronized void interrupt() {
      if (open && !interrupted) {
        interrupted = true;
        thread.interrupt();
      }
    }

    @Override
    public synchronized void close() {
      open = false;
      runs.remove(taskId, this);
    }
  }

  Run open(String taskId) {
    Run run = new Run(taskId);
    runs.put(taskId, run);
    return run;
  }

  void interrupt(String taskId) {
    Run run = runs.get(taskId);
    if (run != null) {
      run.interrupt();
    }
  }

  Set<String> taskIds() {
    return Set.copyOf(runs.keySet());
  }

  int size() {
    return runs.size();
  }
}
