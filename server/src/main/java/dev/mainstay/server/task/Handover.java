package dev.mainstay.server.task;

import dev.mainstay.agent.git.GitException;
import dev.mainstay.agent.git.Workspace;
import dev.mainstay.agent.git.Workspaces;
import dev.mainstay.server.platform.StoredText;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import dev.mainstay.server.task.WorkStore.Work;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's work on its way between machines that share a database: workspaces are on local disks. It
 * is kept in the database whenever no process of the agent runs and others may need it, which is
 * before a review, before a push, and when the run ends or leaves its machine in good order. A run
 * whose machine died begins again with what was kept last, and the model is told what is missing.
 */
final class Handover {
  private static final Logger log = LoggerFactory.getLogger(Handover.class);

  static final int MAX_BUNDLE_BYTES = 16 * 1024 * 1024;
  private static final String MESSAGE = "Work in progress";

  /** Calls of these change no file. */
  private static final Set<String> READ_ONLY = Set.of("read", "glob", "grep", "todo");

  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final WorkStore works = new WorkStore();

  Handover(TaskModule.Parts parts, TaskStore store) {
    this.parts = parts;
    this.store = store;
  }

  /** Sees to it that the workspace which is opened next has what the run had elsewhere. */
  void arrive(
      TasksRecord task, Workspaces.Request request, TaskJournal journal, Consumer<String> progress)
      throws GitException, InterruptedException {
    String here = parts.machine().workspaces();
    String there = task.getWorkspaceStore();
    if (!parts.machine().shared() || here.equals(there)) {
      return;
    }
    Optional<Work> restored = Optional.empty();
    boolean moved = there != null && task.getBaseCommit() != null;
    if (moved) {
      restored = restore(task.getId(), request, progress);
    }
    int ordinal = restored.map(Work::ordinal).orElse(0);
    journal.execute(
        tx -> {
          TasksRecord row = store.find(tx.sql(), task.getId()).orElseThrow();
          row.setWorkspaceStore(here);
          if (moved) {
            tellWhatIsLost(tx, row, ordinal);
          }
          tx.sql().executeUpdate(row);
        });
  }

  private Optional<Work> restore(
      String taskId, Workspaces.Request request, Consumer<String> progress)
      throws GitException, InterruptedException {
    Optional<Work> kept = parts.database().read(sql -> works.find(sql, taskId));
    if (kept.isPresent() && kept.get().bundle().isPresent()) {
      parts
          .workspaces()
          .restore(
              request, kept.get().commitId().orElseThrow(), kept.get().bundle().get(), progress);
      return kept;
    }
    parts.workspaces().discard(request);
    return kept.filter(work -> work.commitId().isEmpty());
  }

  /** A run that is only to be delivered, and has lost nothing, needs no word of it. */
  private void tellWhatIsLost(Tx tx, TasksRecord row, int ordinal) {
    List<String> lost = works.callsAfter(tx.sql(), row.getId(), ordinal, READ_ONLY);
    boolean delivering = row.getCommitAt() != null;
    if ((lost.isEmpty() && delivering) || !works.hasMessages(tx.sql(), row.getId())) {
      return;
    }
    row.setCommitAt(null);
    store.addInput(tx, row, row.getCreatedBy(), text(lost), parts.clock().instant());
  }

  static String text(List<String> lost) {
    String tree =
        lost.isEmpty()
            ? "Your changes to files are there."
            : "What these calls of tools did to files is lost: %s. Look at the files, and do again what is needed."
                .formatted(counted(lost));
    return """
        This run goes on on another machine than before. %s Files that Git ignores, files outside of the working \
        directory and processes are gone."""
        .formatted(tree);
  }

  private static String counted(List<String> names) {
    Map<String, Long> counts =
        names.stream()
            .collect(
                Collectors.groupingBy(name -> name, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(count -> count.getKey() + " (" + count.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  /** Keeps the files as they are; without it the run goes on all the same. */
  void keep(
      TaskJournal journal, Workspaces.Request request, Workspace workspace, TasksRecord task) {
    if (!parts.machine().shared()) {
      return;
    }
    try {
      keep(journal, request, workspace, workspace.commit(MESSAGE, task.getCreatedAt()));
    } catch (GitException e) {
      log.warn("The work of task {} cannot be kept: {}", task.getId(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps a commit of the run's. */
  void keep(
      TaskJournal journal,
      Workspaces.Request request,
      Workspace workspace,
      Optional<Workspace.Commit> commit)
      throws GitException, InterruptedException {
    if (!parts.machine().shared()) {
      return;
    }
    Optional<byte[]> bundle =
        commit.isPresent() ? workspace.bundle(commit.get(), MAX_BUNDLE_BYTES) : Optional.empty();
    String diff = parts.workspaces().diff(request, TaskEndpoints.MAX_DIFF_BYTES);
    journal.execute(
        tx ->
            works.save(
                tx,
                journal.claim(),
                new Work(0, commit.map(Workspace.Commit::id), bundle, StoredText.of(diff)),
                parts.clock().instant()));
  }

  /** A task's change, from wherever it is. */
  String diff(TasksRecord task) throws GitException, InterruptedException {
    String there = task.getWorkspaceStore();
    if (task.getBaseCommit() == null) {
      return "";
    }
    if (parts.machine().shared() && !parts.machine().workspaces().equals(there)) {
      return parts.database().read(sql -> works.diff(sql, task.getId())).orElse("");
    }
    return parts
        .workspaces()
        .diff(WorkspaceRequests.of(task, parts.policy()), TaskEndpoints.MAX_DIFF_BYTES);
  }
}
