package dev.mainstay.server.task;

import dev.mainstay.agent.LeaseLostException;
import dev.mainstay.agent.git.GitException;
import dev.mainstay.agent.git.Workspace;
import dev.mainstay.agent.git.Workspaces;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.StoredText;
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
  private final Handover handover;
  private final String id;
  private Optional<Opened> opened = Optional.empty();

  /** The workspace that the run has opened. */
  private record Opened(Workspaces.Request request, Workspace workspace) {}

  ClaimedTask(
      TaskModule.Parts parts, TaskStore store, TaskJournal journal, Handover handover, String id) {
    this.parts = parts;
    this.store = store;
    this.journal = journal;
    this.handover = handover;
    this.id = id;
  }

  void opened(Workspaces.Request request, Workspace workspace) {
    opened = Optional.of(new Opened(request, workspace));
  }

  /** For other machines; no process of the agent may run. */
  private void keep() {
    opened.ifPresent(here -> handover.keep(journal, here.request(), here.workspace(), row()));
  }

  /** For other machines: what is about to leave this one. */
  void keep(Workspace.Commit commit) throws GitException, InterruptedException {
    if (opened.isPresent()) {
      Opened here = opened.get();
      handover.keep(journal, here.request(), here.workspace(), Optional.of(commit));
    }
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
                row.setSummary(StoredText.of(summary));
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
                  store.addInput(tx, row, row.getCreatedBy(), StoredText.of(reason), now());
                }));
  }

  /** Notes that the worker leaves the task in good order, which is no crash. */
  void leave() {
    keep();
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
    keep();
    end(TaskStatus.FAILED, row -> TaskEnd.failed(row, code, StoredText.of(message), now()));
  }

  void cancel() {
    keep();
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
