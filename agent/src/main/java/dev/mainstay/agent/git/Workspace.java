package dev.mainstay.agent.git;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One run's working copy. Its git directory lies outside the tree, where no tool can reach it. */
public interface Workspace {

  /** The files that the agent works on. */
  Path tree();

  /** Where the run began. */
  String baseCommit();

  /** The branch that {@link #baseCommit} was the newest commit of. */
  String baseBranch();

  /**
   * Makes one commit on top of the base with all that has changed in the tree. The same tree,
   * message and time give the same commit, so it may be called again after a crash.
   *
   * @return empty if nothing has changed
   */
  Optional<Commit> commit(String message, Instant at) throws GitException, InterruptedException;

  /**
   * A commit of this workspace as a Git bundle (gitformat-bundle(5)) that {@link
   * Workspaces#restore} takes on another machine.
   *
   * @return empty if it is larger than {@code maxBytes}
   */
  Optional<byte[]> bundle(Commit commit, int maxBytes) throws GitException, InterruptedException;

  /**
   * What a commit would give away: in the lines it adds, in the names of new files, in its message.
   *
   * @return at most some twenty places
   */
  List<SecretScan.Finding> scan(Commit commit, SecretScan scan)
      throws GitException, InterruptedException;

  /**
   * Pushes a commit. If the branch has moved, rebases onto it once; if that conflicts, or the
   * branch moves again, pushes to a new branch instead. Pushing what is there already succeeds.
   *
   * @param branch where to push, {@code mainstay/…} or a name that the user gave
   * @param fallback the new branch for a conflict
   */
  Pushed push(Commit commit, String branch, String fallback)
      throws GitException, InterruptedException;

  /**
   * A commit.
   *
   * @param diffHash SHA-256 of its diff against the base
   */
  record Commit(String id, String diffHash) {}

  /** What was pushed, and where; the commit's id differs from the one given after a rebase. */
  record Pushed(String branch, String commitId) {}
}
