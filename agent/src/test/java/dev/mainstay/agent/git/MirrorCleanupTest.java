package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.agent.git.Workspaces.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorCleanupTest {
  @TempDir Path directory;
  private final Set<String> existing = new HashSet<>();
  private GitFixture fixture;
  private GitWorkspaces workspaces;

  @BeforeEach
  void start() {
    fixture = new GitFixture(directory);
    workspaces = fixture.workspaces();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private int clean(Instant before) throws InterruptedException {
    return workspaces.removeMirrors(
        runs -> {
          Set<String> kept = new HashSet<>(runs);
          kept.retainAll(existing);
          return kept;
        },
        before);
  }

  private Layout layout() {
    return new Layout(fixture.settings().root());
  }

  private static Instant later() {
    return Instant.now().plus(Duration.ofMinutes(1));
  }

  private List<Path> mirrors() throws Exception {
    try (Stream<Path> files = Files.list(layout().mirrors())) {
      return files.sorted().toList();
    }
  }

  /** Gives the request of the same run with its base, as a task has it. */
  private Request run(String id, String text) throws Exception {
    existing.add(id);
    Workspace workspace = workspaces.open(fixture.request(id), quiet());
    write(workspace.tree(), "work.txt", text);
    assertThat(workspace.commit("Work", AT)).isPresent();
    Request request =
        fixture.request(id, "repo.git", workspace.baseBranch(), workspace.baseCommit());
    workspaces.remove(request);
    return request;
  }

  @Test
  void aMirrorStaysAsLongAsOneOfItsRuns() throws Exception {
    Request first = run("r1", "first\n");
    Request second = run("r2", "second\n");
    assertThat(clean(later())).isZero();
    assertThat(workspaces.diff(first, 10_000)).contains("+first");

    existing.remove("r1");
    assertThat(clean(later())).isZero();
    assertThat(workspaces.diff(first, 10_000)).isEmpty();
    assertThat(workspaces.diff(second, 10_000)).contains("+second");

    existing.remove("r2");
    assertThat(clean(Instant.now().minus(Duration.ofMinutes(1)))).as("used just now").isZero();
    assertThat(workspaces.diff(second, 10_000)).isEmpty();
    assertThat(clean(later())).isOne();
    assertThat(mirrors()).as("its locks are gone too").isEmpty();
  }

  @Test
  void aRunBeginsAfterItsMirrorIsGone() throws Exception {
    Request request = run("r1", "first\n");
    existing.clear();
    assertThat(clean(later())).isOne();
    Workspace again = workspaces.open(request, quiet());
    assertThat(again.tree().resolve("readme.txt")).hasContent("hello\n");
  }

  @Test
  void whatIsNoMirrorKeepsNothingElseFromBeingRemoved() throws Exception {
    Request unused = run("r1", "first\n");
    existing.clear();
    Files.createDirectory(layout().mirror("0-broken"));
    assertThat(clean(later())).isOne();
    assertThat(mirrors()).hasSize(1);
    assertThat(workspaces.exists(unused)).isFalse();
  }

  @Test
  void aRunThatBeginsMeanwhileKeepsItsMirror() throws Exception {
    Request request = run("r1", "first\n");
    Layout layout = layout();
    String key = Mirror.key(request.tenant(), request.url());
    existing.clear();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      AtomicReference<Thread> cleaner = new AtomicReference<>();
      Future<Integer> cleaning;
      try (Locks.Held beginning = new Locks().take(layout.mirrorUseLock(key))) {
        cleaning =
            threads.submit(
                () -> {
                  cleaner.set(Thread.currentThread());
                  return clean(later());
                });
        await().until(() -> cleaner.get() != null && waitsForALock(cleaner.get()));
        // What a run does under this lock when its mirror is there.
        Files.setLastModifiedTime(
            layout.mirror(key), FileTime.from(later().plus(Duration.ofHours(1))));
      }
      assertThat(cleaning.get()).isZero();
    }
    assertThat(layout.mirror(key)).exists();
  }

  private static boolean waitsForALock(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(ReentrantLock.class.getName()));
  }

  @Test
  void aRunThatBeginsCountsAsUse() throws Exception {
    Request request = run("r1", "first\n");
    Path mirror = layout().mirror(Mirror.key(request.tenant(), request.url()));
    Instant longAgo = Instant.now().minus(Duration.ofDays(2));
    Files.setLastModifiedTime(mirror, FileTime.from(longAgo));
    workspaces.discard(request);
    existing.clear();
    Files.setLastModifiedTime(mirror, FileTime.from(longAgo));
    Instant before = Instant.now().minus(Duration.ofDays(1));
    assertThat(workspaces.open(fixture.request("r2"), quiet()).tree()).exists();
    workspaces.discard(fixture.request("r2"));
    assertThat(clean(before)).isZero();
    Files.setLastModifiedTime(mirror, FileTime.from(longAgo));
    assertThat(clean(before)).isOne();
  }
}
