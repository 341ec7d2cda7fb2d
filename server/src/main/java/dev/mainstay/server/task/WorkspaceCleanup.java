package dev.mainstay.server.task;

import dev.mainstay.agent.git.GitException;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes workspaces that nobody needs any more; their last commit stays in the mirror. */
final class WorkspaceCleanup {
  private static final Logger log = LoggerFactory.getLogger(WorkspaceCleanup.class);
  private static final int BATCH = 50;

  /** So many that cannot be removed end a round. */
  private static final int MAX_STUCK = 500;

  /** A run that clones for long has no ref in its mirror meanwhile. */
  private static final Duration MIRROR_KEPT = Duration.ofHours(1);

  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final WorkStore works = new WorkStore();

  WorkspaceCleanup(TaskModule.Parts parts, TaskStore store) {
    this.parts = parts;
    this.store = store;
  }

  void run(Duration kept) throws InterruptedException {
    Instant before = parts.clock().instant().minus(kept);
    String here = parts.machine().workspaces();
    Set<String> stuck = new HashSet<>();
    List<TasksRecord> old;
    do {
      // Those that cannot be removed now come first again; as many more are read.
      int limit = BATCH + stuck.size();
      old =
          parts.database().read(sql -> store.withOldWorkspace(sql, here, before, limit)).stream()
              .filter(row -> !stuck.contains(row.getId()))
              .toList();
      for (TasksRecord row : old) {
        if (!remove(row)) {
          stuck.add(row.getId());
          continue;
        }
        parts
            .database()
            .execute(tx -> store.workspaceRemoved(tx, row.getId(), parts.clock().instant()));
      }
    } while (old.size() >= BATCH && stuck.size() < MAX_STUCK);
    removeForgotten(before);
    removeMirrors(before);
    if (parts.machine().shared()) {
      removeStrays(before, here);
      parts
          .database()
          .execute(
              tx -> {
                if (tx.tryExclusive("drop bundles")) {
                  int unused = works.dropBundles(tx, before, BATCH);
                }
              });
    }
  }

  /**
   * What is left here of tasks that were deleted, by another node or while it could not be removed.
   */
  private void removeForgotten(Instant before) throws InterruptedException {
    List<String> runs = parts.workspaces().runs();
    for (int from = 0; from < runs.size(); from += BATCH) {
      List<String> some = runs.subList(from, Math.min(runs.size(), from + BATCH));
      Set<String> known = parts.database().read(sql -> store.existing(sql, some));
      for (String id : some) {
        if (!known.contains(id)) {
          removeForgotten(id, before);
        }
      }
    }
  }

  private void removeForgotten(String id, Instant before) throws InterruptedException {
    try {
      if (parts.workspaces().removeForgotten(id, before)) {
        log.info("Removed the workspace of task {}, which was deleted", id);
      }
    } catch (GitException e) {
      log.warn(
          "The workspace of the deleted task {} cannot be removed yet: {}", id, e.getMessage());
    } catch (IllegalArgumentException e) {
      log.debug("{} is no run of ours", id, e);
    }
  }

  private void removeMirrors(Instant before) throws InterruptedException {
    Instant unused = parts.clock().instant().minus(MIRROR_KEPT);
    int removed =
        parts
            .workspaces()
            .removeMirrors(
                runs -> parts.database().read(sql -> store.existing(sql, runs)),
                before.isBefore(unused) ? before : unused);
    if (removed > 0) {
      log.info("Removed {} local copies of repositories that no task needs", removed);
    }
  }

  /** What is left here of runs that went on elsewhere. */
  private void removeStrays(Instant before, String here) throws InterruptedException {
    List<String> runs = parts.workspaces().runs();
    for (int from = 0; from < runs.size(); from += BATCH) {
      List<String> some = runs.subList(from, Math.min(runs.size(), from + BATCH));
      for (TasksRecord row :
          parts.database().read(sql -> store.finishedElsewhere(sql, some, here, before))) {
        boolean unused = remove(row);
      }
    }
  }

  /**
   * @return false if it is still there, and is to be tried again
   */
  boolean remove(TasksRecord row) throws InterruptedException {
    try {
      if (row.getBaseCommit() != null) {
        parts.workspaces().remove(WorkspaceRequests.of(row, parts.policy()));
      }
      return true;
    } catch (GitException e) {
      log.warn("The workspace of task {} cannot be removed yet: {}", row.getId(), e.getMessage());
      return false;
    }
  }
}
