package dev.mainstay.server.task;

import dev.mainstay.agent.git.GitException;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes workspaces that nobody needs any more; their last commit stays in the mirror. */
final class WorkspaceCleanup {
  private static final Logger log = LoggerFactory.getLogger(WorkspaceCleanup.class);
  private static final int BATCH = 50;

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
    List<TasksRecord> old =
        parts.database().read(sql -> store.withOldWorkspace(sql, here, before, BATCH));
    for (TasksRecord row : old) {
      remove(row);
      parts
          .database()
          .execute(tx -> store.workspaceRemoved(tx, row.getId(), parts.clock().instant()));
    }
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

  /** What is left here of runs that went on elsewhere. */
  private void removeStrays(Instant before, String here) throws InterruptedException {
    List<String> runs = parts.workspaces().runs();
    for (int from = 0; from < runs.size(); from += BATCH) {
      List<String> some = runs.subList(from, Math.min(runs.size(), from + BATCH));
      for (TasksRecord row :
          parts.database().read(sql -> store.finishedElsewhere(sql, some, here, before))) {
        remove(row);
      }
    }
  }

  private void remove(TasksRecord row) throws InterruptedException {
    try {
      if (row.getBaseCommit() != null) {
        parts.workspaces().remove(WorkspaceRequests.of(row, parts.policy()));
      }
    } catch (GitException e) {
      log.warn("The workspace of task {} cannot be removed: {}", row.getId(), e.getMessage());
    }
  }
}
