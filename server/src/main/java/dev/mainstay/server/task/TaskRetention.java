package dev.mainstay.server.task;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Deletes finished tasks with all that belongs to them: when somebody asks for it, when they have
 * been kept long enough, and those of organizations that are gone. A task's rows go once its
 * workspace on this machine has gone.
 */
final class TaskRetention {
  private static final int BATCH = 50;

  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final TaskService service;
  private final WorkspaceCleanup workspaces;

  TaskRetention(TaskModule.Parts parts, TaskStore store, TaskService service) {
    this.parts = parts;
    this.store = store;
    this.service = service;
    this.workspaces = new WorkspaceCleanup(parts, store);
  }

  /**
   * @param kept how long finished tasks are kept; empty for ever
   */
  void run(Optional<Duration> kept) throws InterruptedException {
    deleteAll(limit -> parts.database().read(sql -> store.ofDeletedOrganizations(sql, limit)));
    if (kept.isPresent()) {
      Instant before = parts.clock().instant().minus(kept.get());
      deleteAll(limit -> parts.database().read(sql -> store.endedBefore(sql, before, limit)));
    }
  }

  private void deleteAll(IntFunction<List<TasksRecord>> some) throws InterruptedException {
    Set<String> stuck = new HashSet<>();
    List<TasksRecord> batch;
    do {
      batch =
          some.apply(BATCH + stuck.size()).stream()
              .filter(row -> !stuck.contains(row.getId()))
              .toList();
      for (TasksRecord row : batch) {
        if (!delete(row)) {
          stuck.add(row.getId());
        }
      }
    } while (batch.size() >= BATCH && stuck.size() < BATCH);
  }

  private boolean delete(TasksRecord row) throws InterruptedException {
    if (row.getWorkspaceRemovedAt() == null && isHere(row) && !workspaces.remove(row)) {
      return false;
    }
    try {
      TasksRecord unused = service.delete(row.getOrganizationId(), row.getId());
    } catch (ProblemException e) {
      return false; // somebody has just deleted or retried it
    }
    return true;
  }

  /**
   * Deletes a task at once. A workspace that is on another node, or that cannot be removed now, is
   * removed by the clean-up of its node, which knows no task for it any more.
   */
  void delete(String organizationId, String id) throws InterruptedException {
    TasksRecord row = service.delete(organizationId, id);
    if (row.getWorkspaceRemovedAt() == null && isHere(row)) {
      boolean unused = workspaces.remove(row);
    }
  }

  private boolean isHere(TasksRecord row) {
    return row.getWorkspaceStore() == null
        || row.getWorkspaceStore().equals(parts.machine().workspaces());
  }
}
