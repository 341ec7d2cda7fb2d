package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A run's tree, with the mirror that its commits go to. */
final class GitWorkspace implements Workspace {
  private static final int DIFF_TRIES = 3;

  private final Mirror mirror;
  private final Layout layout;
  private final Locks locks;
  private final String runId;
  private final Marker marker;

  GitWorkspace(Mirror mirror, Layout layout, Locks locks, String runId, Marker marker) {
    this.mirror = mirror;
    this.layout = layout;
    this.locks = locks;
    this.runId = runId;
    this.marker = marker;
  }

  @Override
  public Path tree() {
    return layout.tree(runId);
  }

  @Override
  public String baseCommit() {
    return marker.baseCommit();
  }

  @Override
  public String baseBranch() {
    return marker.baseBranch();
  }

  @Override
  public Optional<Commit> commit(String message, Instant at)
      throws GitException, InterruptedException {
    Path index = scratch("commit");
    try (Locks.Held lock = locks.take(layout.runLock(runId))) {
      Staging staging = new Staging(mirror, tree(), index, Map.of());
      staging.stage(layout.index(runId), baseCommit());
      String tree = staging.git("write-tree").output().strip();
      new Checkout(layout).checkSize(mirror, tree);
      String baseTree =
          mirror.git("rev-parse", "--verify", baseCommit() + "^{tree}").output().strip();
      if (tree.equals(baseTree)) {
        mirror.setRun(runId, baseCommit());
        return Optional.empty();
      }
      String commit =
          mirror
              .git("commit-tree", "--no-gpg-sign", "-p", baseCommit(), "-F", "-", tree)
              .env(identity(at))
              .input(message.replace("\0", "").stripTrailing() + "\n")
              .output()
              .strip();
      String diffHash = Diffs.hash(mirror, baseCommit(), commit);
      mirror.setRun(runId, commit);
      return Optional.of(new Commit(commit, diffHash));
    } catch (IOException e) {
      throw new GitException("git_failed", "The tree cannot be read: " + GitErrors.reason(e), true);
    } finally {
      discard(index);
    }
  }

  private Map<String, String> identity(Instant at) {
    GitSettings settings = mirror.settings();
    String date = "@" + at.getEpochSecond() + " +0000";
    return Map.of(
        "GIT_AUTHOR_NAME", settings.name(),
        "GIT_AUTHOR_EMAIL", settings.email(),
        "GIT_AUTHOR_DATE", date,
        "GIT_COMMITTER_NAME", settings.name(),
        "GIT_COMMITTER_EMAIL", settings.email(),
        "GIT_COMMITTER_DATE", date);
  }

  @Override
  public Optional<byte[]> bundle(Commit commit, int maxBytes)
      throws GitException, InterruptedException {
    return new Bundles(mirror).write(runId, baseCommit(), commit.id(), maxBytes);
  }

  @Override
  public List<SecretScan.Finding> scan(Commit commit, SecretScan scan)
      throws GitException, InterruptedException {
    List<SecretScan.Finding> findings =
        new ArrayList<>(
            scan.message(mirror.git("log", "-1", "--format=%B", commit.id(), "--").output()));
    GitCommand diff =
        mirror.git(
            Diffs.arguments(
                List.of("diff-tree", "-r"),
                List.of("--find-renames", "--text", "--unified=0"),
                List.of(baseCommit(), commit.id(), "--")));
    GitCommand.Result<List<SecretScan.Finding>> found = diff.run(new AddedLines(scan)::read);
    // A scan that has found enough leaves the rest unread, and git with nobody to write to.
    if (!found.succeeded() && found.output().isEmpty()) {
      throw GitErrors.local("diff-tree", found);
    }
    findings.addAll(found.output());
    return List.copyOf(findings);
  }

  @Override
  public Pushed push(Commit commit, String branch, String fallback)
      throws GitException, InterruptedException {
    return new Pusher(mirror, baseCommit()).push(commit.id(), branch, fallback);
  }

  /**
   * A file that changes while git reads it makes git fail, which says nothing about the next try.
   */
  String diff(int maxBytes) throws GitException, InterruptedException {
    for (int i = 1; ; i++) {
      try {
        return tryDiff(maxBytes);
      } catch (GitException e) {
        if (i == DIFF_TRIES || e.code().equals("checkout_too_large")) {
          throw e;
        }
      } catch (IOException e) {
        if (i == DIFF_TRIES) {
          throw new GitException(
              "git_failed", "The tree cannot be read: " + GitErrors.reason(e), true);
        }
      }
    }
  }

  /** Objects of a mere look go to a directory of their own, and with it. */
  private String tryDiff(int maxBytes) throws GitException, InterruptedException, IOException {
    Path scratch = Files.createDirectory(scratch("diff"));
    try {
      Path index = scratch.resolve("index");
      Map<String, String> objects =
          Map.of(
              "GIT_OBJECT_DIRECTORY",
              Files.createDirectory(scratch.resolve("objects")).toString(),
              "GIT_ALTERNATE_OBJECT_DIRECTORIES",
              mirror.directory().resolve("objects").toString());
      Staging staging = new Staging(mirror, tree(), index, objects);
      staging.stage(layout.index(runId), baseCommit());
      return Diffs.read(
          staging.git(
              Diffs.arguments(
                  List.of("diff-index", "--cached"),
                  List.of("--find-renames"),
                  List.of(baseCommit(), "--"))),
          maxBytes);
    } finally {
      new Trash(layout.trash()).delete(scratch);
    }
  }

  private Path scratch(String purpose) {
    return layout.run(runId).resolve(purpose + "." + UUID.randomUUID());
  }

  private static void discard(Path index) {
    try {
      Files.deleteIfExists(index);
      Files.deleteIfExists(index.resolveSibling(index.getFileName() + ".lock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
