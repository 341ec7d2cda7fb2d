package dev.mainstay.agent.git;

import dev.mainstay.agent.git.Workspace.Pushed;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pushes a run's one commit. Every push names what the branch was when it was looked at, and only
 * ever adds to that, so nobody's work is overwritten.
 */
final class Pusher {
  private static final int MAX_FALLBACKS = 20;

  /** A line of git-push(1) --porcelain: flag, refs, summary. */
  private static final Pattern REJECTED =
      Pattern.compile("^!\t[^\t]*\t\\[([a-z ]+)](?: \\((.*)\\))?", Pattern.MULTILINE);

  private final Mirror mirror;
  private final String base;

  private enum Sent {
    DONE,
    /** The branch is not what it was. */
    MOVED
  }

  Pusher(Mirror mirror, String base) {
    this.mirror = mirror;
    this.base = base;
  }

  Pushed push(String commit, String branch, String fallback)
      throws GitException, InterruptedException {
    checkName(branch);
    checkName(fallback);
    String candidate = commit;
    boolean rebased = false;
    for (int i = 0; i < 3; i++) {
      Optional<String> tip = tip(branch);
      if (tip.isPresent() && tip.get().equals(candidate)) {
        return new Pushed(branch, candidate);
      }
      if (tip.isEmpty() || isAncestor(tip.get(), candidate)) {
        if (send(candidate, branch, tip.orElse("")) == Sent.DONE) {
          return new Pushed(branch, candidate);
        }
        continue;
      }
      if (rebased) {
        break;
      }
      rebased = true;
      String newer = mirror.branchWithHistory(branch, tip.get());
      if (newer.equals(commit) || isAncestor(commit, newer)) {
        return new Pushed(branch, commit); // pushed before, and others have gone on from there
      }
      Optional<String> moved = new Rebase(mirror, base).onto(newer, commit);
      if (moved.isEmpty()) {
        break;
      }
      candidate = moved.get();
      if (candidate.equals(newer)) {
        return new Pushed(branch, newer); // the branch has these changes already
      }
    }
    return pushAside(commit, fallback);
  }

  private Pushed pushAside(String commit, String fallback)
      throws GitException, InterruptedException {
    for (int n = 1; n <= MAX_FALLBACKS; n++) {
      String name = n == 1 ? fallback : fallback + "-" + n;
      Optional<String> tip = tip(name);
      if (tip.isPresent() && tip.get().equals(commit)) {
        return new Pushed(name, commit);
      }
      if (tip.isEmpty() && send(commit, name, "") == Sent.DONE) {
        return new Pushed(name, commit);
      }
    }
    throw new GitException(
        "push_rejected",
        "The branch has moved in a way that conflicts, and " + fallback + " is taken as well.",
        false);
  }

  private static void checkName(String branch) {
    if (!RefNames.isValidBranch(branch)) {
      throw new IllegalArgumentException("not a branch's name: " + branch);
    }
  }

  private Optional<String> tip(String branch) throws GitException, InterruptedException {
    return mirror
        .remote()
        .list(mirror.url(), mirror.directory(), "push_failed", "refs/heads/" + branch)
        .branch(branch);
  }

  /** False if it is not known here: then it is not part of the commit's history as fetched. */
  private boolean isAncestor(String ancestor, String commit)
      throws GitException, InterruptedException {
    return mirror.commit(ancestor).isPresent()
        && mirror.git("merge-base", "--is-ancestor", ancestor, commit).run().succeeded();
  }

  /**
   * @param expected the branch's tip; empty if it must not be there
   */
  private Sent send(String commit, String branch, String expected)
      throws GitException, InterruptedException {
    String ref = "refs/heads/" + branch;
    Remote.Prepared push =
        mirror
            .remote()
            .prepare(
                mirror.url(),
                mirror.directory(),
                "push",
                "--porcelain",
                "--no-verify",
                "--no-signed",
                "--no-follow-tags",
                "--recurse-submodules=no",
                "--force-with-lease=" + ref + ":" + expected,
                "--",
                mirror.url().text(),
                commit + ":" + ref);
    Remote.Outcome outcome = push.run();
    GitCommand.Result<String> result = outcome.result();
    if (result.succeeded()) {
      return Sent.DONE;
    }
    Matcher rejected = REJECTED.matcher(result.output());
    if (!rejected.find()) {
      throw mirror.remote().failure(mirror.url(), "push_failed", outcome);
    }
    String reason = Optional.ofNullable(rejected.group(2)).orElse("");
    if (rejected.group(1).equals("rejected") || RACES.stream().anyMatch(reason::contains)) {
      return Sent.MOVED;
    }
    String said =
        String.join(
            "\n", result.error().lines().filter(line -> line.startsWith("remote:")).toList());
    throw new GitException(
        "push_rejected",
        "The repository refuses the push to %s: %s"
            .formatted(branch, GitErrors.clean(reason + "\n" + said, outcome.credential())),
        false);
  }

  /** How servers word that somebody else was faster. */
  private static final List<String> RACES =
      List.of(
          "failed to update ref",
          "cannot lock ref",
          "failed to lock",
          "fetch first",
          "stale info",
          "reference already exists",
          "incorrect old value");
}
