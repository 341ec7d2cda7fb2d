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

  WorkspaceCleanup(TaskModule.Parts parts, TaskStore store) {
    this.parts = parts;
    this.store = store;
  }

  void run(Duration kept) throws InterruptedException {
    Instant before = parts.clock().instant().minus(kept);
    List<TasksRecord> old =
        parts.database().read(sql -> store.withOldWorkspace(sql, before, BATCH));
    for (TasksRecord row : old) {
      try {
        if (row.getBaseCommit() != null) {
          parts.workspaces().remove(WorkspaceRequests.of(row, parts.policy()));
        }
      } catch (GitException e) {
        log.warn("The workspace of task {} cannot be removed: {}", row.getId(), e.getMessage());
      }
      parts
          .database()
          .execute(tx -> store.workspaceRemoved(tx, row.getId(), parts.clock().instant()));
    }
  }
}
