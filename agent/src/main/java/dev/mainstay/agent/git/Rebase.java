package dev.mainstay.agent.git;

import java.util.Map;
import java.util.Optional;

/**
 * Puts one commit onto another tip by a three-way merge of trees, in the object store alone: no
 * working tree, no index, no merge driver. The result depends on its inputs only.
 */
final class Rebase {
  /** Of the helper commit, which nobody sees. */
  private static final Map<String, String> NOBODY =
      Map.of(
          "GIT_AUTHOR_NAME", "mainstay",
          "GIT_AUTHOR_EMAIL", "mainstay",
          "GIT_AUTHOR_DATE", "@0 +0000",
          "GIT_COMMITTER_NAME", "mainstay",
          "GIT_COMMITTER_EMAIL", "mainstay",
          "GIT_COMMITTER_DATE", "@0 +0000");

  private final Mirror mirror;
  private final String base;

  Rebase(Mirror mirror, String base) {
    this.mirror = mirror;
    this.base = base;
  }

  /**
   * @param commit a child of the base
   * @return the new commit; the tip itself if that has the changes already; empty on a conflict, or
   *     if this git is older than 2.38 and cannot merge trees
   */
  Optional<String> onto(String tip, String commit) throws GitException, InterruptedException {
    // The tip's tree as a child of the base makes the base the one merge base, however the tip came
    // about.
    String sibling =
        mirror
            .git("commit-tree", "--no-gpg-sign", "-p", base, "-m", "tip", tip + "^{tree}")
            .env(NOBODY)
            .output()
            .strip();
    GitCommand.Result<String> merged =
        mirror.git("merge-tree", "--write-tree", "--no-messages", sibling, commit).run();
    if (!merged.succeeded()) {
      return Optional.empty();
    }
    String tree = merged.output().lines().findFirst().orElseThrow().strip();
    if (tree.equals(mirror.git("rev-parse", "--verify", tip + "^{tree}").output().strip())) {
      return Optional.of(tip);
    }
    String original = mirror.git("cat-file", "commit", commit).output();
    int end = original.indexOf("\n\n");
    StringBuilder text = new StringBuilder();
    for (String line : original.substring(0, end).lines().toList()) {
      String changed =
          line.startsWith("tree ")
              ? "tree " + tree
              : line.startsWith("parent ") ? "parent " + tip : line;
      text.append(changed).append('\n');
    }
    text.append(original, end + 1, original.length());
    return Optional.of(
        mirror
            .git("hash-object", "-t", "commit", "-w", "--stdin")
            .input(text.toString())
            .output()
            .strip());
  }
}
