package dev.mainstay.server.task;

import dev.mainstay.agent.LeaseLostException;
import dev.mainstay.agent.git.Workspace;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.ReviewsRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a task moves on under a claim: row and event in one transaction, or not at all. */
final class ClaimedTask {
  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final TaskJournal journal;
  private final String id;

  ClaimedTask(TaskModule.Parts parts, TaskStore store, TaskJournal journal, String id) {
    this.parts = parts;
    this.store = store;
    this.journal = journal;
    this.id = id;
  }

  TaskJournal journal() {
    return journal;
  }

  TasksRecord row() {
    return parts.database().read(sql -> store.find(sql, id)).orElseThrow();
  }

  /** An approval is bound to what was shown: another commit needs another one. */
  boolean approved(Workspace.Commit commit) {
    return parts
        .database()
        .read(sql -> store.lastReview(sql, id))
        .filter(review -> "approved".equals(review.getDecision()))
        .filter(review -> review.getCommitId().equals(commit.id()))
        .isPresent();
  }

  /**
   * Closes the conversation, unless somebody has said something meanwhile, and fixes the time of
   * the commit: with it the same tree gives the same commit after a crash.
   */
  boolean settle(String summary) {
    return journal.change(
        tx -> {
          if (store.openInputs(tx.sql(), id) > 0) {
            return false;
          }
          change(
              tx,
              row -> {
                row.setCommitAt(Optional.ofNullable(row.getCommitAt()).orElseGet(this::now));
                row.setSummary(summary);
              });
          return true;
        });
  }

  /** Opens the conversation again with something that the agent is to put right. */
  void refuse(String reason) {
    journal.execute(
        tx ->
            change(
                tx,
                row -> {
                  row.setCommitAt(null);
                  row.setRefusedDeliveries(row.getRefusedDeliveries() + 1);
                  store.addInput(tx, row, row.getCreatedBy(), reason, now());
                }));
  }

  /** Notes that the worker leaves the task in good order, which is no crash. */
  void leave() {
    journal.execute(tx -> change(tx, row -> row.setCrashes(0)));
  }

  private void change(Tx tx, Consumer<TasksRecord> change) {
    TasksRecord row = store.find(tx.sql(), id).orElseThrow();
    change.accept(row);
    tx.sql().executeUpdate(row);
  }

  void waitForReview(Workspace.Commit commit) {
    journal.execute(
        tx -> {
          TasksRecord row = store.find(tx.sql(), id).orElseThrow();
          ReviewsRecord review = new ReviewsRecord();
          review.setId(Ids.next());
          review.setOrganizationId(row.getOrganizationId());
          review.setTaskId(id);
          review.setCommitId(commit.id());
          review.setDiffHash(commit.diffHash());
          review.setCreatedAt(now());
          store.insertReview(tx, review);
          move(tx, row, TaskStatus.WAITING);
          journal.emit(
              tx,
              "status",
              Json.object()
                  .put("status", "waiting")
                  .put("detail", "review")
                  .put("commit", commit.id())
                  .put("diffHash", commit.diffHash()));
        });
  }

  void succeed(@Nullable String branch, @Nullable String commit) {
    end(
        TaskStatus.SUCCEEDED,
        row -> {
          row.setResultBranch(branch);
          row.setResultCommit(commit);
          row.setFinishedAt(now());
        });
  }

  void fail(String code, String message) {
    end(TaskStatus.FAILED, row -> TaskEnd.failed(row, code, message, now()));
  }

  void cancel() {
    end(TaskStatus.CANCELED, row -> TaskEnd.canceled(row, now()));
  }

  private void end(TaskStatus status, Consumer<TasksRecord> change) {
    journal.execute(
        tx -> {
          TasksRecord row = store.find(tx.sql(), id).orElseThrow();
          change.accept(row);
          move(tx, row, status);
          TaskEnd.emit(parts.events(), tx, row);
        });
  }

  private void move(Tx tx, TasksRecord row, TaskStatus to) {
    if (!store.move(tx, row, to, now())) {
      throw new LeaseLostException(
          "task " + id + " is " + row.getStatus() + " and cannot become " + to.word());
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
