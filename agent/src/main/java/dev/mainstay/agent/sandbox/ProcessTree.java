package dev.mainstay.agent.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Kills everything that a session started. */
final class ProcessTree {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final int ROUNDS = 50;

  private ProcessTree() {}

  /**
   * Returns when nothing is left. The end of a sandbox's process 1 ends all others in it; without a
   * sandbox, whoever left the tree is found by group or by session.
   */
  static void kill(Process process, Optional<Cgroup> cgroup, boolean isolated) {
    boolean interrupted = false;
    if (isolated) {
      // The outermost process is left to reap its child and to end by itself: killed first, it
      // would leave a zombie to the machine's init, which in a container may never collect it.
      process.children().forEach(ProcessHandle::destroyForcibly);
      interrupted = process.children().findAny().isPresent() && awaitEnd(process, PATIENCE);
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    for (int round = 0; !isolated && round < ROUNDS && killSession(process.pid()); round++) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    cgroup.ifPresent(Cgroup::kill);
    interrupted |= awaitEnd(process, PATIENCE);
    cgroup.ifPresent(Cgroup::remove);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean killSession(long session) {
    List<ProcessHandle> members =
        ProcessHandle.allProcesses()
            .filter(process -> ServerProcess.isInSession(process.pid(), session))
            .toList();
    members.forEach(ProcessHandle::destroyForcibly);
    return !members.isEmpty();
  }

  /** Returns whether the thread was interrupted meanwhile. */
  private static boolean awaitEnd(Process process, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        if (process.waitFor(Duration.ofMillis(100))) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
