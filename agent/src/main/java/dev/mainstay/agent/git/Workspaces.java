package dev.mainstay.agent.git;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The working copies of all runs: one bare mirror per tenant and repository, one worktree per run.
 */
public interface Workspaces {

  /**
   * Opens a run's workspace: the one that is there, as it is, or a new one from the freshly fetched
   * repository. May be called again after a crash at any point.
   *
   * @param progress gets a line now and then while this takes long
   */
  Workspace open(Request request, Consumer<String> progress)
      throws GitException, InterruptedException;

  /**
   * Brings a run's commit here that another machine has made, so that {@link #open} begins with its
   * files. Replaces the workspace that is there.
   *
   * @param request with the base commit that the other machine had
   * @param bundle what {@link Workspace#bundle} gave there
   */
  void restore(Request request, String commitId, byte[] bundle, Consumer<String> progress)
      throws GitException, InterruptedException;

  /** Removes the workspace and forgets the run's last commit: {@link #open} begins anew. */
  void discard(Request request) throws GitException, InterruptedException;

  /** The runs whose workspaces are here. */
  List<String> runs();

  /** True if the run's workspace is there, so that opening it needs no network. */
  boolean exists(Request request);

  /**
   * The run's changes against its base as a unified diff: of the working tree while it exists, of
   * the last commit after that; empty if there is neither.
   */
  String diff(Request request, int maxBytes) throws GitException, InterruptedException;

  /** Removes the working tree; the last commit stays in the mirror. Idempotent. */
  void remove(Request request) throws GitException, InterruptedException;

  /**
   * Removes what is here of a run that nothing else is known of, if it was made long enough ago.
   *
   * @param before one that was made later stays: its run may be about to begin
   * @return false if it stays
   */
  boolean removeForgotten(String runId, Instant before) throws GitException, InterruptedException;

  /**
   * Forgets the last commits of runs that are gone, and removes the mirrors of which no run is
   * left. What cannot be removed is logged and tried the next time.
   *
   * @param existing of some runs, those that still exist
   * @param before a mirror that was used later stays
   * @return how many mirrors were removed
   */
  int removeMirrors(Function<List<String>, Set<String>> existing, Instant before)
      throws InterruptedException;

  /**
   * What a workspace is opened for.
   *
   * @param tenant mirrors are never shared between tenants
   * @param runId names the workspace
   * @param baseBranch empty for the repository's default branch
   * @param baseCommit where the run began, if it has begun; empty lets {@link #open} take the
   *     branch's newest
   */
  record Request(
      String tenant, String runId, RepositoryUrl url, String baseBranch, String baseCommit) {}
}
