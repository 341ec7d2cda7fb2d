package dev.mainstay.agent.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One tenant's local copy of one repository: bare, and only as deep as needed. Runs share its
 * objects; each has its own index and tree, and one ref that holds its base or last commit.
 */
final class Mirror {
  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private static final int HISTORY = 50;
  private static final List<String> LEFTOVERS =
      List.of(
          "refs/mainstay/heads", "refs/mainstay/pushed", "refs/mainstay/commits", "objects/pack");

  private final Parts parts;
  private final RepositoryUrl url;
  private final String key;
  private final Path directory;

  /** What mirrors work with. */
  record Parts(Git git, Layout layout, Remote remote, Locks locks, GitSettings settings) {}

  Mirror(Parts parts, String tenant, RepositoryUrl url) {
    this.parts = parts;
    this.url = url;
    this.key = key(tenant, url);
    this.directory = parts.layout().mirror(key);
  }

  /** The tenant's length keeps two pairs from running together. */
  static String key(String tenant, RepositoryUrl url) {
    try {
      String text = tenant.length() + ":" + tenant + url.text();
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String runRef(String runId) {
    return "refs/mainstay/runs/" + runId;
  }

  String key() {
    return key;
  }

  Path directory() {
    return directory;
  }

  RepositoryUrl url() {
    return url;
  }

  Remote remote() {
    return parts.remote();
  }

  GitSettings settings() {
    return parts.settings();
  }

  boolean exists() {
    return Files.isDirectory(directory);
  }

  GitCommand git(String... arguments) {
    return parts.git().command(directory, arguments);
  }

  /**
   * Made aside and renamed, so that it is whole or not there. One that is there already counts as
   * used now, so that it is not removed before the run has its ref.
   *
   * @param fresh where to make it
   */
  void create(Path fresh) throws GitException, InterruptedException {
    try (Locks.Held lock = parts.locks().take(parts.layout().mirrorUseLock(key))) {
      if (exists()) {
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
        return;
      }
      parts.git().command(fresh, "init", "--quiet", "--bare", "--template=").output();
      Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The mirror cannot be made: " + GitErrors.reason(e), true);
    }
  }

  /** The commit that a revision names, if it is there. */
  Optional<String> commit(String revision) throws GitException, InterruptedException {
    GitCommand.Result<String> result =
        git("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}").run();
    String id = result.output().strip();
    return result.succeeded() && OBJECT_ID.matcher(id).matches()
        ? Optional.of(id)
        : Optional.empty();
  }

  /** The commit's first parent. */
  Optional<String> parent(String commit) throws GitException, InterruptedException {
    // A commit at the edge of what was fetched still names its parents in its own text.
    for (String line : git("cat-file", "commit", commit).output().lines().toList()) {
      if (line.isEmpty()) {
        break;
      }
      if (line.startsWith("parent ")) {
        return Optional.of(line.substring("parent ".length()));
      }
    }
    return Optional.empty();
  }

  void setRun(String runId, String commit) throws GitException, InterruptedException {
    clear(directory.resolve(runRef(runId) + ".lock"));
    git("update-ref", runRef(runId), commit).output();
  }

  void forgetRun(String runId) throws GitException, InterruptedException {
    clear(directory.resolve(runRef(runId) + ".lock"));
    git("update-ref", "-d", runRef(runId)).output();
  }

  /** Brings a branch's newest commit here unless it is here; the branch may move meanwhile. */
  String branch(String branch, String tip, Consumer<String> progress)
      throws GitException, InterruptedException {
    return bring("refs/heads/" + branch, "refs/mainstay/heads/" + hash(branch), tip, 1, progress);
  }

  /** Brings the branch with enough of its history to see what others built on. */
  String branchWithHistory(String branch, String tip) throws GitException, InterruptedException {
    return bring(
        "refs/heads/" + branch, "refs/mainstay/pushed/" + hash(branch), tip, HISTORY, line -> {});
  }

  /** Brings one commit here, which a remote gives only if it is still part of its history. */
  String commit(String id, Consumer<String> progress) throws GitException, InterruptedException {
    return bring(id, "refs/mainstay/commits/" + id, id, 1, progress);
  }

  private static String hash(String branch) {
    return key(branch, new RepositoryUrl("", RepositoryUrl.Scheme.LOCAL, ""));
  }

  /** A ref is written after all that it needs, so that it stands for a complete transfer. */
  private String bring(String from, String to, String wanted, int depth, Consumer<String> progress)
      throws GitException, InterruptedException {
    if (commit(to).filter(wanted::equals).isPresent()) {
      return wanted;
    }
    try (Locks.Held lock = parts.locks().take(parts.layout().mirrorLock(key))) {
      if (commit(to).filter(wanted::equals).isPresent()) {
        return wanted;
      }
      Path pidFile = directory.resolve("mainstay.pid");
      Orphans.end(pidFile);
      clearLeftovers();
      Remote.Prepared fetch =
          parts
              .remote()
              .prepare(
                  url,
                  directory,
                  "fetch",
                  "--progress",
                  "--depth=" + depth,
                  "--update-shallow",
                  "--no-tags",
                  "--no-write-fetch-head",
                  "--no-recurse-submodules",
                  "--negotiation-tip=refs/mainstay/heads/*",
                  "--",
                  url.text(),
                  "+" + from + ":" + to);
      fetch
          .command()
          .maxFileBytes(parts.settings().maxCheckoutBytes())
          .pidFile(pidFile)
          .progress(progress);
      Remote.Outcome outcome = fetch.run();
      clear(pidFile);
      if (!outcome.result().succeeded()) {
        boolean full = hasFullPack();
        clearLeftovers();
        throw full
            ? parts.remote().tooLarge()
            : parts.remote().failure(url, "clone_failed", outcome);
      }
      return commit(to)
          .orElseThrow(
              () -> new GitException("clone_failed", "The repository has no such commit.", false));
    }
  }

  /** The receiver of a pack dies without a word when that reaches the limit on files. */
  private boolean hasFullPack() throws GitException {
    Path packs = directory.resolve("objects/pack");
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(packs, "tmp_*")) {
      for (Path pack : stream) {
        if (Files.size(pack) >= parts.settings().maxCheckoutBytes()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The mirror cannot be read: " + GitErrors.reason(e), true);
    }
  }

  /** What a killed git left; under the mirror's lock nobody else fetches. */
  private void clearLeftovers() throws GitException {
    clear(directory.resolve("shallow.lock"));
    clear(directory.resolve("packed-refs.lock"));
    for (String place : LEFTOVERS) {
      Path path = directory.resolve(place);
      if (!Files.isDirectory(path)) {
        continue;
      }
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, "{*.lock,tmp_*,.tmp-*}")) {
        for (Path leftover : stream) {
          clear(leftover);
        }
      } catch (IOException e) {
        throw new GitException(
            "git_failed", "The mirror cannot be read: " + GitErrors.reason(e), true);
      }
    }
  }

  private static void clear(Path file) throws GitException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The mirror cannot be cleared: " + GitErrors.reason(e), true);
    }
  }

  /** Packs what has piled up. What is younger than two weeks and unreferenced stays. */
  void tidy() throws GitException, InterruptedException {
    try (Locks.Held lock = parts.locks().take(parts.layout().mirrorLock(key))) {
      clear(directory.resolve("gc.pid"));
      parts
          .git()
          .command(
              directory,
              Map.of("gc.auto", "6700", "gc.autoDetach", "false"),
              "gc",
              "--auto",
              "--quiet",
              "--prune=2.weeks.ago")
          .pidFile(directory.resolve("mainstay.pid"))
          .output();
    }
  }
}
