package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One session's control groups: a single directory with v2, one per controller with v1. */
record Cgroup(List<Path> directories) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(2);

  /** Kills every member, also those that fork meanwhile; returns when none is left. */
  void kill() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && killOnce()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Removes the empty groups; a group that stays busy is left to the next start's clean-up. */
  boolean remove() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean removed = true;
      for (Path directory : directories) {
        removed &= removed(directory);
      }
      if (removed || System.nanoTime() >= deadline) {
        return removed;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean killOnce() {
    boolean found = false;
    for (Path directory : directories) {
      for (String pid : members(directory)) {
        found = true;
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    return found;
  }

  private static boolean removed(Path directory) {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (DirectoryNotEmptyException notOnCgroupfs) {
      // There, members make a group busy; waiting would not help here.
      return true;
    } catch (IOException busy) {
      return false;
    }
  }

  private static List<String> members(Path directory) {
    try {
      return Files.readAllLines(directory.resolve("cgroup.procs"));
    } catch (IOException removed) {
      return List.of();
    }
  }
}
