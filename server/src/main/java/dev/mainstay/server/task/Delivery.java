package dev.mainstay.server.task;

import dev.mainstay.agent.git.GitException;
import dev.mainstay.agent.git.SecretScan;
import dev.mainstay.agent.git.Workspace;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What becomes of an agent's work: a commit, a look for secrets, a review, a push. */
final class Delivery {
  /** An agent that has been told twice will not get it right the third time. */
  private static final int MAX_REFUSED = 2;

  private final SecretScan.Source secrets;

  Delivery(SecretScan.Source secrets) {
    this.secrets = secrets;
  }

  /**
   * Ends the task or lets it wait for people.
   *
   * @return false if the agent has to put something right first
   */
  boolean deliver(ClaimedTask claimed, Workspace workspace, String summary)
      throws InterruptedException, GitException {
    TasksRecord task = claimed.row();
    SecretScan scan = secrets.current();
    Optional<Workspace.Commit> made =
        workspace.commit(CommitMessage.of(task, summary, scan), task.getCommitAt());
    if (made.isEmpty()) {
      claimed.succeed(null, null);
      return true;
    }
    Workspace.Commit commit = made.get();
    if (task.getPush().equals(CreateTask.Push.NONE.name())) {
      claimed.keep(commit);
      claimed.succeed(null, commit.id());
      return true;
    }
    List<SecretScan.Finding> found = workspace.scan(commit, scan);
    if (!found.isEmpty()) {
      return refused(claimed, task, found);
    }
    claimed.keep(commit);
    if (task.getReview().equals(CreateTask.Review.BEFORE_PUSH.name())
        && !claimed.approved(commit)) {
      claimed.waitForReview(commit);
      return true;
    }
    push(claimed, workspace, task, commit);
    return true;
  }

  private static boolean refused(
      ClaimedTask claimed, TasksRecord task, List<SecretScan.Finding> found) {
    String places =
        found.stream().map(SecretScan.Finding::toString).collect(Collectors.joining("\n"));
    if (task.getRefusedDeliveries() >= MAX_REFUSED) {
      claimed.fail(
          "secret_in_diff",
          "The change holds what looks like a secret, so it is not pushed:\n" + places);
      return true;
    }
    claimed.refuse(
        """
        The server does not push this change: it holds what looks like a secret. Take it out of these places, and read it \
        from the environment or from a file that is not committed instead:

        %s"""
            .formatted(places));
    return false;
  }

  private static void push(
      ClaimedTask claimed, Workspace workspace, TasksRecord task, Workspace.Commit commit)
      throws InterruptedException, GitException {
    String own = "mainstay/" + shortId(task.getId());
    String branch = Optional.ofNullable(task.getBranch()).orElse(own);
    claimed.journal().status("pushing", branch);
    Workspace.Pushed pushed = workspace.push(commit, branch, branch.equals(own) ? own + "-2" : own);
    claimed.succeed(pushed.branch(), pushed.commitId());
  }

  /** The last eight characters of a UUIDv7 are random; its first ones are the time. */
  private static String shortId(String id) {
    return id.substring(id.length() - 8);
  }
}
