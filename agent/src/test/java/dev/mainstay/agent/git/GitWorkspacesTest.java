package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.git;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mainstay.agent.git.Workspace.Commit;
import dev.mainstay.agent.git.Workspace.Pushed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitWorkspacesTest {
  @TempDir Path directory;
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

  @Test
  void clonesCommitsAndPushesWithCredentials() throws Exception {
    String base = fixture.remoteTip("trunk").orElseThrow();
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    assertThat(workspace.baseBranch()).isEqualTo("trunk");
    assertThat(workspace.baseCommit()).isEqualTo(base);
    assertThat(workspace.tree().resolve("src/main.txt"))
        .hasContent("one\ntwo\nthree\nfour\nfive\nsix\nseven\n");
    assertThat(workspace.tree().resolve(".git")).doesNotExist();

    write(workspace.tree(), "new/file.txt", "new\n");
    write(workspace.tree(), "noise.log", "noise\n");
    Files.delete(workspace.tree().resolve("readme.txt"));
    Commit commit = workspace.commit("Add a file\n\nWhy not.", AT).orElseThrow();
    assertThat(workspace.commit("Add a file\n\nWhy not.", AT)).contains(commit);
    Pushed pushed = workspace.push(commit, "mainstay/r1", "mainstay/r1-2");
    assertThat(pushed).isEqualTo(new Pushed("mainstay/r1", commit.id()));
    assertThat(workspace.push(commit, "mainstay/r1", "mainstay/r1-2")).isEqualTo(pushed);

    assertThat(git(fixture.remote, "diff", "--name-status", base, "mainstay/r1"))
        .isEqualTo("A\tnew/file.txt\nD\treadme.txt");
    assertThat(
            git(fixture.remote, "log", "-1", "--format=%an %ae %cn %at %ct %s|%b|%P", commit.id()))
        .isEqualTo(
            "Mainstay agent@example.org Mainstay 1767323045 1767323045 Add a file|Why not.\n|"
                + base);
    assertThat(fixture.remoteTip("mainstay/r1-2")).isEmpty();
  }

  @Test
  void takesTheNamedBranchOrSaysThatThereIsNone() throws Exception {
    git(fixture.developer, "checkout", "-q", "-b", "release/1.0");
    fixture.write("only-here.txt", "x");
    String tip = fixture.push("On a branch");
    Workspace workspace =
        workspaces.open(fixture.request("r1", "repo.git", "release/1.0", ""), quiet());
    assertThat(workspace.baseCommit()).isEqualTo(tip);
    assertThat(workspace.tree().resolve("only-here.txt")).exists();

    assertThat(
            failure(() -> workspaces.open(fixture.request("r2", "repo.git", "none", ""), quiet())))
        .returns("branch_not_found", GitException::code)
        .returns(false, GitException::retryable);
  }

  @Test
  void saysThatARepositoryIsEmpty() {
    git(directory, "init", "-q", "--bare", directory.resolve("remotes/empty.git").toString());
    for (String branch : List.of("", "main")) {
      assertThat(
              failure(
                  () -> workspaces.open(fixture.request("r1", "empty.git", branch, ""), quiet())))
          .returns("repository_empty", GitException::code)
          .hasMessageContaining("first commit");
    }
  }

  @Test
  void keepsWhatIsThere() throws Exception {
    Workspaces.Request request = fixture.request("r1");
    assertThat(workspaces.exists(request)).isFalse();
    Workspace first = workspaces.open(request, quiet());
    assertThat(workspaces.exists(request)).isTrue();
    write(first.tree(), "readme.txt", "changed\n");
    int asked = fixture.server.requests().size();
    fixture.write("later.txt", "later");
    fixture.push("Later");

    Workspace again = fixture.workspaces().open(request, quiet());
    assertThat(again.baseCommit()).isEqualTo(first.baseCommit());
    assertThat(again.tree().resolve("readme.txt")).hasContent("changed");
    assertThat(again.tree().resolve("later.txt")).doesNotExist();
    assertThat(fixture.server.requests()).hasSize(asked);
  }

  @Test
  void goesOnFromTheLastCommitWhenTheTreeIsGone() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "work.txt", "done\n");
    Commit commit = workspace.commit("Work", AT).orElseThrow();
    Workspaces.Request request =
        fixture.request("r1", "repo.git", workspace.baseBranch(), workspace.baseCommit());
    workspaces.remove(request);
    workspaces.remove(request);
    assertThat(workspace.tree()).doesNotExist();
    assertThat(workspaces.exists(request)).isFalse();
    assertThat(workspaces.diff(request, 10_000)).contains("+done");

    fixture.write("later.txt", "later");
    fixture.push("Later");
    Workspace again = workspaces.open(request, quiet());
    assertThat(again.baseCommit()).isEqualTo(workspace.baseCommit());
    assertThat(again.tree().resolve("work.txt")).hasContent("done");
    assertThat(again.commit("Work", AT)).contains(commit);
    assertThat(again.push(commit, "mainstay/r1", "x").branch()).isEqualTo("mainstay/r1");
  }

  @Test
  void fetchesAnOldBaseWhenNothingIsHere() throws Exception {
    String old = fixture.remoteTip("trunk").orElseThrow();
    fixture.write("later.txt", "later");
    fixture.push("Later");
    Workspace workspace = workspaces.open(fixture.request("r1", "repo.git", "trunk", old), quiet());
    assertThat(workspace.baseCommit()).isEqualTo(old);
    assertThat(workspace.tree().resolve("later.txt")).doesNotExist();

    assertThat(
            failure(
                () ->
                    workspaces.open(
                        fixture.request("r2", "repo.git", "trunk", "0123456789".repeat(4)),
                        quiet())))
        .returns("branch_not_found", GitException::code);
  }

  @Test
  void findsNothingToCommit() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "noise.log", "ignored\n");
    Files.setLastModifiedTime(workspace.tree().resolve("readme.txt"), FileTime.from(AT));
    assertThat(workspace.commit("Nothing", AT)).isEmpty();
    write(workspace.tree(), "readme.txt", "x");
    assertThat(workspace.commit("Something", AT)).isPresent();
    write(workspace.tree(), "readme.txt", "hello\n");
    assertThat(workspace.commit("Nothing again", AT)).isEmpty();
  }

  /** The same size and second as what was checked out, so only the content tells. */
  @Test
  void seesAChangeThatOnlyTheContentTells() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    Path file = workspace.tree().resolve("readme.txt");
    FileTime before = Files.getLastModifiedTime(file);
    write(workspace.tree(), "readme.txt", "hullo\n");
    Files.setLastModifiedTime(file, before);
    assertThat(workspaces.diff(fixture.request("r1"), 10_000)).contains("+hullo");
    assertThat(workspace.commit("Same size", AT)).isPresent();
  }

  @Test
  void showsTheDiffOfAllKindsOfFiles() throws Exception {
    Workspaces.Request request = fixture.request("r1");
    assertThat(workspaces.diff(request, 1000)).isEmpty();
    Path tree = workspaces.open(request, quiet()).tree();
    assertThat(workspaces.diff(request, 1000)).isEmpty();
    write(tree, "ünïcode name.txt", "new\n");
    Files.write(tree.resolve("picture.bin"), new byte[] {0, 1, 2, 0});
    Files.move(tree.resolve("src/main.txt"), tree.resolve("src/moved.txt"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("/etc/passwd"));
    write(tree, "noise.log", "ignored");
    String diff = workspaces.diff(request, 100_000);
    assertThat(diff)
        .contains("+++ b/ünïcode name.txt", "rename from src/main.txt", "rename to src/moved.txt")
        .contains("Binary files /dev/null and b/picture.bin differ", "+/etc/passwd")
        .doesNotContain("noise", "root:");
    assertThat(git(directory.resolve("root/mirrors").resolve(mirrorName()), "count-objects"))
        .startsWith("0 objects");

    String cut = workspaces.diff(request, 300);
    assertThat(cut).startsWith(diff.substring(0, 100)).endsWith("larger than 300 bytes.\n");
    assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThan(400);
    try (Stream<Path> files = Files.list(tree.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("tree", "index", "ready", "pid");
    }
  }

  private String mirrorName() {
    return Mirror.key("org", fixture.request("r1").url()) + ".git";
  }

  @Test
  void neverSharesAMirrorBetweenTenants() throws Exception {
    String url = fixture.server.url("repo.git");
    workspaces.open(fixture.request("one", "r1", url, "", ""), quiet());
    workspaces.open(fixture.request("two", "r2", url, "", ""), quiet());
    try (Stream<Path> mirrors = Files.list(directory.resolve("root/mirrors"))) {
      assertThat(mirrors.filter(Files::isDirectory)).hasSize(2);
    }
    assertThat(Mirror.key("1", fixture.request("r").url())).doesNotContain("/");
  }

  @Test
  void fetchesOnceForManyThatOpenTogether() throws Exception {
    List<Future<Workspace>> all = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      // Two servers on one directory.
      GitWorkspaces other = fixture.workspaces();
      for (int i = 0; i < 8; i++) {
        GitWorkspaces one = i % 2 == 0 ? workspaces : other;
        Workspaces.Request request = fixture.request("r" + i);
        all.add(executor.submit(() -> one.open(request, quiet())));
      }
      for (Future<Workspace> workspace : all) {
        assertThat(workspace.get().tree().resolve("readme.txt")).hasContent("hello");
      }
    }
    // Every transfer leaves one pack.
    Path packs = directory.resolve("root/mirrors").resolve(mirrorName()).resolve("objects/pack");
    try (Stream<Path> files = Files.list(packs)) {
      assertThat(files.filter(file -> file.toString().endsWith(".pack"))).hasSize(1);
    }
  }

  @Test
  void usesALocalPathThatTheOperatorListed() throws Exception {
    Workspace workspace =
        workspaces.open(fixture.request("org", "r1", fixture.remote.toString(), "", ""), quiet());
    write(workspace.tree(), "a", "b");
    Commit commit = workspace.commit("Local", AT).orElseThrow();
    assertThat(workspace.push(commit, "mainstay/r1", "x").commitId()).isEqualTo(commit.id());
    assertThat(fixture.remoteTip("mainstay/r1")).contains(commit.id());
  }

  @Test
  void endsGitWhenTheThreadIsInterrupted() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    fixture.server.intercept(
        request -> {
          reached.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return GitHttpServer.Answer.serve();
        });
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () ->
                    ended.complete(
                        catchThrowable(() -> workspaces.open(fixture.request("r1"), quiet()))));
    assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(gits()).isNotEmpty();
    thread.interrupt();
    assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    Awaitility.await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(gits()).isEmpty());
    never.countDown();
    fixture.server.intercept(request -> GitHttpServer.Answer.serve());
    assertThat(workspaces.open(fixture.request("r1"), quiet()).tree()).exists();
  }

  @Test
  void givesUpOnARemoteThatDoesNotAnswer() {
    CountDownLatch never = new CountDownLatch(1);
    fixture.server.intercept(
        request -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return GitHttpServer.Answer.serve();
        });
    GitSettings settings = fixture.settings();
    GitWorkspaces hasty =
        new GitWorkspaces(
            new GitSettings(
                settings.root(), "M", "m@x", 1_000_000, Duration.ofMillis(600), settings.policy()),
            GitFixture.credentials());
    assertThat(failure(() -> hasty.open(fixture.request("r1"), quiet())))
        .returns("clone_failed", GitException::code)
        .returns(true, GitException::retryable);
    never.countDown();
  }

  /** The processes of git for this test's directory. */
  private List<String> gits() {
    return ProcessHandle.current()
        .descendants()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains("ls-remote") || line.contains("git-remote-http"))
        .toList();
  }

  static GitException failure(ThrowingCallable call) {
    GitException failure = catchThrowableOfType(GitException.class, call);
    assertThat(failure).isNotNull();
    return failure;
  }
}
