package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workspaces by the git command line (2.30 or newer; 2.38 to rebase). Several servers may share the
 * directory.
 *
 * <p>Git's own directory lies outside of the tree and is named in every command, so that nothing an
 * agent writes can make git run a program.
 */
public final class GitWorkspaces implements Workspaces {
  private static final Logger log = LoggerFactory.getLogger(GitWorkspaces.class);

  private static final Duration STALE = Duration.ofMinutes(10);

  private final Layout layout;
  private final Locks locks = new Locks();
  private final Trash trash;
  private final Mirror.Parts parts;

  public GitWorkspaces(GitSettings settings, GitCredentials credentials) {
    this(settings, credentials, InetAddress::getAllByName);
  }

  GitWorkspaces(GitSettings settings, GitCredentials credentials, HostGuard.Resolver resolver) {
    this.layout = Layout.create(settings.root());
    this.trash = new Trash(layout.trash());
    Git git = new Git(layout);
    Remote remote = new Remote(git, layout, settings, credentials, resolver);
    this.parts = new Mirror.Parts(git, layout, remote, locks, settings);
    Thread.ofVirtual().name("trash").start(this::emptyTrash);
  }

  private void emptyTrash() {
    try {
      trash.empty(Instant.now().minus(STALE));
    } catch (IOException e) {
      log.warn("Old workspaces cannot be deleted: {}", e.toString());
    }
  }

  @Override
  public Workspace open(Request request, Consumer<String> progress)
      throws GitException, InterruptedException {
    Mirror mirror = mirror(request);
    try (Locks.Held lock = locks.take(layout.runLock(request.runId()))) {
      Optional<Marker> there = marker(request, mirror);
      if (there.isPresent()) {
        return workspace(request, mirror, there.get());
      }
      Orphans.end(layout.run(request.runId()).resolve("pid"));
      trash.delete(layout.run(request.runId()));
      Path run = layout.makeRun(request.runId());
      mirror.create(run.resolve("mirror"));
      Start start = new Starts(mirror).find(request, progress);
      new Checkout(layout).write(mirror, request.runId(), start.commit());
      mirror.setRun(request.runId(), start.commit());
      Marker marker = new Marker(mirror.key(), start.base(), start.branch());
      marker.write(layout.ready(request.runId()));
      return workspace(request, mirror, marker);
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The workspace cannot be made: " + GitErrors.reason(e), true);
    }
  }

  @Override
  public void restore(Request request, String commitId, byte[] bundle, Consumer<String> progress)
      throws GitException, InterruptedException {
    Mirror mirror = mirror(request);
    try (Locks.Held lock = locks.take(layout.runLock(request.runId()))) {
      delete(request.runId());
      mirror.create(layout.makeRun(request.runId()).resolve("mirror"));
      mirror.commit(request.baseCommit(), progress);
      Path file = layout.run(request.runId()).resolve("bundle");
      Files.write(file, bundle);
      new Bundles(mirror).read(file, request.baseCommit(), commitId);
      mirror.setRun(request.runId(), commitId);
      Files.delete(file);
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The run's work cannot be brought here: " + GitErrors.reason(e), true);
    }
  }

  @Override
  public void discard(Request request) throws GitException, InterruptedException {
    Mirror mirror = mirror(request);
    try (Locks.Held lock = locks.take(layout.runLock(request.runId()))) {
      delete(request.runId());
      if (mirror.exists()) {
        mirror.forgetRun(request.runId());
      }
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The workspace cannot be removed: " + GitErrors.reason(e), true);
    }
  }

  @Override
  public List<String> runs() {
    try (Stream<Path> names = Files.list(layout.runs())) {
      return names
          .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> path.getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean exists(Request request) {
    return marker(request, mirror(request)).isPresent();
  }

  @Override
  public String diff(Request request, int maxBytes) throws GitException, InterruptedException {
    Mirror mirror = mirror(request);
    Optional<Marker> marker = marker(request, mirror);
    if (marker.isPresent()) {
      try {
        return workspace(request, mirror, marker.get()).diff(maxBytes);
      } catch (GitException e) {
        if (marker(request, mirror).isPresent()) {
          throw e;
        }
        // It was removed meanwhile.
      }
    }
    return snapshotDiff(request, mirror, maxBytes);
  }

  private static String snapshotDiff(Request request, Mirror mirror, int maxBytes)
      throws GitException, InterruptedException {
    if (!mirror.exists() || request.baseCommit().isEmpty()) {
      return "";
    }
    Optional<String> last = mirror.commit(Mirror.runRef(request.runId()));
    if (last.isEmpty() || last.get().equals(request.baseCommit())) {
      return "";
    }
    String[] arguments =
        Diffs.arguments(
            List.of("diff-tree", "-r"),
            List.of("--find-renames"),
            List.of(request.baseCommit(), last.get(), "--"));
    return Diffs.read(mirror.git(arguments), maxBytes);
  }

  @Override
  public void remove(Request request) throws GitException, InterruptedException {
    Mirror mirror = mirror(request);
    removeRun(request.runId());
    if (mirror.exists()) {
      mirror.tidy();
    }
  }

  @Override
  public boolean removeForgotten(String runId, Instant before)
      throws GitException, InterruptedException {
    try {
      if (!Files.getLastModifiedTime(layout.run(runId)).toInstant().isBefore(before)) {
        return false;
      }
    } catch (IOException e) {
      return false; // it has just gone
    }
    removeRun(runId);
    return true;
  }

  @Override
  public int removeMirrors(Function<List<String>, Set<String>> existing, Instant before)
      throws InterruptedException {
    return new MirrorCleanup(layout, parts.git(), locks, trash).run(existing, before);
  }

  private void removeRun(String runId) throws GitException, InterruptedException {
    try (Locks.Held lock = locks.take(layout.runLock(runId))) {
      lock.forget();
      delete(runId);
    } catch (IOException e) {
      throw new GitException(
          "git_failed", "The workspace cannot be removed: " + GitErrors.reason(e), true);
    }
  }

  private void delete(String runId) throws IOException {
    Path run = layout.run(runId);
    Orphans.end(run.resolve("pid"));
    Files.deleteIfExists(layout.ready(runId));
    trash.delete(run);
  }

  private Mirror mirror(Request request) {
    return new Mirror(parts, request.tenant(), request.url());
  }

  private Optional<Marker> marker(Request request, Mirror mirror) {
    return Marker.read(layout, request.runId())
        .filter(marker -> marker.fits(request, mirror.key()) && mirror.exists());
  }

  private GitWorkspace workspace(Request request, Mirror mirror, Marker marker) {
    return new GitWorkspace(mirror, layout, locks, request.runId(), marker);
  }
}
