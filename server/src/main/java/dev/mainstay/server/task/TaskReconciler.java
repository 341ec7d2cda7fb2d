package dev.mainstay.server.task;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.PartThread;
import dev.mainstay.server.platform.ProcessEnd;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares tasks that are queued or running with the queue, all of them again and again, a page at
 * a time. A task without a job, as after a Redis that came back empty or without its last second,
 * gets another one; the run goes on from its journal. Should the old job still run somewhere, the
 * fence ends it: the task is the new job's.
 */
final class TaskReconciler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskReconciler.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** What was changed since may be on its way to the queue, or from there. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  static final int PAGE = 200;

  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final TaskService service;
  private final Thread thread;

  /** Only the thread uses it. */
  private String after = "";

  TaskReconciler(TaskModule.Parts parts, TaskStore store, TaskService service) {
    this.parts = parts;
    this.store = store;
    this.service = service;
    this.thread = PartThread.start("task-reconciler", this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      Thread.sleep(INTERVAL);
      try {
        page();
      } catch (RuntimeException | Error e) {
        ProcessEnd.ifFatal(e);
        if (Databases.isAway(e)) {
          log.debug("Tasks cannot be compared with the queue now", e);
        } else {
          log.warn("Comparing tasks with the queue failed; it is tried again", e);
        }
      }
    }
  }

  private void page() {
    Instant before = parts.clock().instant().minus(SETTLED);
    String from = after;
    List<TasksRecord> page =
        parts.database().read(sql -> store.unfinished(sql, from, before, PAGE));
    for (TasksRecord row : page) {
      Optional<Job> job = parts.queue().find(row.getJobId());
      if (job.isEmpty() || job.get().state().finished()) {
        boolean failed = job.map(Job::state).filter(JobState.FAILED::equals).isPresent();
        parts.database().execute(tx -> reconcile(tx, row, failed));
      }
    }
    after = page.size() < PAGE ? "" : page.getLast().getId();
  }

  private void reconcile(Tx tx, TasksRecord seen, boolean failed) {
    Optional<TasksRecord> row =
        store
            .lock(tx, seen.getOrganizationId(), seen.getId())
            .filter(now -> now.getJobId().equals(seen.getJobId()))
            .filter(now -> now.getUpdatedAt().equals(seen.getUpdatedAt()));
    if (row.isEmpty()) {
      return;
    }
    TasksRecord task = row.get();
    boolean running = TaskStatus.of(task.getStatus()) == TaskStatus.RUNNING;
    if (running && task.getCancelRequested()) {
      service.endWithoutRun(tx, task);
    } else if (running && failed) {
      log.warn("The job of task {} has failed, and the task with it", task.getId());
      service.failWithoutRun(tx, task);
    } else {
      log.warn("Task {} had no job in the queue, and gets another one", task.getId());
      task.setJobId(Ids.next());
      task.setLeaseToken(0L);
      task.setUpdatedAt(parts.clock().instant());
      tx.sql().executeUpdate(task);
      service.enqueueAgain(tx, task);
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
