package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.git;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static dev.mainstay.agent.git.GitWorkspacesTest.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.GitHttpServer.Answer;
import dev.mainstay.agent.git.Workspace.Commit;
import dev.mainstay.agent.git.Workspace.Pushed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
  @TempDir Path directory;
  private GitFixture fixture;
  private Workspace workspace;
  private Commit commit;

  @BeforeEach
  void start() throws Exception {
    fixture = new GitFixture(directory);
    workspace = fixture.workspaces().open(fixture.request("r1"), quiet());
    write(workspace.tree(), "src/main.txt", "one\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n");
    commit = workspace.commit("Shout", AT).orElseThrow();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void addsToTheBaseBranchItself() throws Exception {
    assertThat(workspace.push(commit, "trunk", "aside"))
        .isEqualTo(new Pushed("trunk", commit.id()));
    assertThat(fixture.remoteTip("trunk")).contains(commit.id());
  }

  @Test
  void rebasesOntoABranchThatHasMoved() throws Exception {
    fixture.write("src/main.txt", "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\n");
    String tip = fixture.push("Elsewhere");
    Pushed pushed = workspace.push(commit, "trunk", "aside");
    assertThat(pushed.branch()).isEqualTo("trunk");
    assertThat(pushed.commitId()).isNotEqualTo(commit.id());
    assertThat(fixture.remoteTip("trunk")).contains(pushed.commitId());
    assertThat(git(fixture.remote, "log", "-1", "--format=%P|%an|%at|%s", "trunk"))
        .isEqualTo(tip + "|Mainstay|" + AT.getEpochSecond() + "|Shout");
    assertThat(git(fixture.remote, "show", "trunk:src/main.txt"))
        .isEqualTo("ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN");
    assertThat(workspace.tree().resolve("src/main.txt"))
        .hasContent("one\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n");

    // As after a crash between the push and its record.
    assertThat(workspace.push(commit, "trunk", "aside")).isEqualTo(pushed);
    assertThat(fixture.remoteTip("aside")).isEmpty();
  }

  @Test
  void findsItsCommitBelowWhatOthersAdded() throws Exception {
    workspace.push(commit, "trunk", "aside");
    git(fixture.developer, "pull", "-q", fixture.remote.toString(), "trunk");
    git(fixture.developer, "revert", "--no-edit", commit.id());
    String tip = fixture.push("More");
    assertThat(workspace.push(commit, "trunk", "aside"))
        .isEqualTo(new Pushed("trunk", commit.id()));
    assertThat(fixture.remoteTip("trunk")).contains(tip);
  }

  @Test
  void goesAsideOnAConflict() throws Exception {
    fixture.write("src/main.txt", "one\ntwo\nthree\nfour\nfive\nsix\nsieben\n");
    String tip = fixture.push("Conflict");
    assertThat(workspace.push(commit, "trunk", "aside"))
        .isEqualTo(new Pushed("aside", commit.id()));
    assertThat(workspace.push(commit, "trunk", "aside"))
        .isEqualTo(new Pushed("aside", commit.id()));
    assertThat(fixture.remoteTip("trunk")).contains(tip);

    git(fixture.remote, "update-ref", "refs/heads/aside", tip);
    assertThat(workspace.push(commit, "trunk", "aside"))
        .isEqualTo(new Pushed("aside-2", commit.id()));
    assertThat(fixture.remoteTip("aside")).contains(tip);
  }

  @Test
  void goesAsideWhenTheBranchKeepsMoving() throws Exception {
    AtomicInteger n = new AtomicInteger();
    fixture.server.intercept(
        request -> {
          if (request.uri().endsWith("/repo.git/git-receive-pack")) {
            return Answer.serve();
          }
          boolean aboutToPush =
              request.uri().contains("service=git-receive-pack")
                  && request.authorization().isPresent();
          if (aboutToPush && n.get() < 3) {
            fixture.write("n" + n.incrementAndGet(), "x");
            fixture.push("Race");
          }
          return Answer.serve();
        });
    Pushed pushed = workspace.push(commit, "trunk", "aside");
    assertThat(pushed).isEqualTo(new Pushed("aside", commit.id()));
    assertThat(git(fixture.remote, "log", "-1", "--format=%s", "trunk")).isEqualTo("Race");
  }

  @Test
  void rebasesOntoABranchWithAnotherHistory() throws Exception {
    git(fixture.developer, "checkout", "-q", "--orphan", "other");
    fixture.write("other.txt", "x");
    String tip = fixture.push("Unrelated");
    Pushed pushed = workspace.push(commit, "other", "aside");
    assertThat(pushed.branch()).isEqualTo("other");
    assertThat(git(fixture.remote, "log", "-1", "--format=%P", "other")).isEqualTo(tip);
    assertThat(git(fixture.remote, "show", "other:src/main.txt")).endsWith("SEVEN");
  }

  @Test
  void pushesLittleWhenTheRemoteHasMovedOn() throws Exception {
    fixture.write("later.txt", "x");
    fixture.push("Later");
    assertThat(workspace.push(commit, "mainstay/r1", "aside").commitId()).isEqualTo(commit.id());
    assertThat(git(fixture.remote, "rev-list", "--count", "mainstay/r1")).isEqualTo("2");
  }

  @Test
  void reportsWhatTheRemoteSays() throws Exception {
    Path hook = fixture.remote.resolve("hooks/pre-receive");
    Files.createDirectories(hook.getParent());
    Files.writeString(
        hook, "#!/bin/sh\nprintf 'main is \\033[31mprotected https://u:pw@host/\\n' >&2\nexit 1\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(failure(() -> workspace.push(commit, "mainstay/r1", "aside")))
        .returns("push_rejected", GitException::code)
        .returns(false, GitException::retryable)
        .hasMessageContaining("protected")
        .hasMessageNotContaining("pw")
        .hasMessageNotContaining("\u001b");
  }

  @Test
  void comesBackLaterWhenTheServerFails() throws Exception {
    fixture.server.intercept(
        request ->
            request.method().equals("POST") && request.uri().contains("receive-pack")
                ? new Answer.Status(503)
                : Answer.serve());
    assertThat(failure(() -> workspace.push(commit, "mainstay/r1", "aside")))
        .returns("push_failed", GitException::code)
        .returns(true, GitException::retryable);
    fixture.server.intercept(request -> Answer.serve());
    assertThat(workspace.push(commit, "mainstay/r1", "aside").commitId()).isEqualTo(commit.id());
  }

  @Test
  void findsAPushWhoseAnswerWasLost() throws Exception {
    fixture.server.intercept(
        request ->
            request.uri().endsWith("/git-receive-pack") && request.method().equals("POST")
                ? new Answer.Cut(1)
                : Answer.serve());
    assertThat(failure(() -> workspace.push(commit, "mainstay/r1", "aside")).retryable()).isTrue();
    fixture.server.intercept(request -> Answer.serve());
    assertThat(workspace.push(commit, "mainstay/r1", "aside"))
        .isEqualTo(new Pushed("mainstay/r1", commit.id()));
    assertThat(fixture.remoteTip("aside")).isEmpty();
  }

  @Test
  void refusesNamesThatAreNoBranches() {
    for (String name : new String[] {"--force", "a..b", "x:y", "refs/heads/../x", "a b", ""}) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> workspace.push(commit, name, "aside"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  static void makeExecutable(Path file) {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
