package dev.mainstay.agent.git;

import dev.mainstay.agent.git.Workspaces.Request;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Finds where a run starts, asking the remote only for what is not here. */
final class Starts {
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private final Mirror mirror;

  Starts(Mirror mirror) {
    this.mirror = mirror;
  }

  Start find(Request request, Consumer<String> progress) throws GitException, InterruptedException {
    if (!request.baseBranch().isEmpty() && !RefNames.isValidBranch(request.baseBranch())) {
      throw new GitException("branch_not_found", "The base branch's name is not valid.", false);
    }
    if (request.baseCommit().isEmpty()) {
      return newest(request.baseBranch(), progress);
    }
    String base = request.baseCommit();
    if (!OBJECT_ID.matcher(base).matches()) {
      throw new GitException("git_failed", "The base commit is not a commit's id.", false);
    }
    String branch = request.baseBranch();
    if (branch.isEmpty()) {
      branch = newest("", progress).branch();
    }
    Optional<String> last = mirror.commit(Mirror.runRef(request.runId()));
    if (last.isPresent() && isOn(base, last.get())) {
      return new Start(last.get(), base, branch);
    }
    return new Start(mirror.commit(base, progress), base, branch);
  }

  private boolean isOn(String base, String commit) throws GitException, InterruptedException {
    return commit.equals(base) || mirror.parent(commit).filter(base::equals).isPresent();
  }

  private Start newest(String wanted, Consumer<String> progress)
      throws GitException, InterruptedException {
    Remote.References references =
        wanted.isEmpty() ? list("HEAD") : list("HEAD", "refs/heads/" + wanted);
    String branch = wanted.isEmpty() ? references.defaultBranch() : wanted;
    String tip =
        Optional.ofNullable(
                references.tips().get(wanted.isEmpty() ? "HEAD" : "refs/heads/" + wanted))
            .orElse("");
    if (branch.isEmpty() || tip.isEmpty()) {
      throw missing(wanted, references.tips().containsKey("HEAD"));
    }
    String commit = mirror.branch(branch, tip, progress);
    return new Start(commit, commit, branch);
  }

  private Remote.References list(String... patterns) throws GitException, InterruptedException {
    return mirror.remote().list(mirror.url(), mirror.directory(), "clone_failed", patterns);
  }

  private GitException missing(String wanted, boolean hasHead)
      throws GitException, InterruptedException {
    if (!hasHead && list("refs/heads/*").tips().isEmpty()) {
      return new GitException(
          "repository_empty", "The repository is empty; push a first commit to it.", false);
    }
    return new GitException(
        "branch_not_found",
        wanted.isEmpty()
            ? "The repository has no default branch; name one as baseBranch."
            : "The repository has no branch " + wanted + ".",
        false);
  }
}
