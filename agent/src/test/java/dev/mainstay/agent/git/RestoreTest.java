package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.agent.git.Workspace.Commit;
import dev.mainstay.agent.git.Workspaces.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's work goes from one machine to another. */
class RestoreTest {
  private static final int MANY = 1 << 20;

  @TempDir Path directory;
  private GitFixture fixture;
  private GitWorkspaces here;
  private GitWorkspaces there;

  @BeforeEach
  void start() {
    fixture = new GitFixture(directory);
    here = fixture.workspaces();
    there =
        new GitWorkspaces(
            new GitSettings(
                directory.resolve("other-machine"),
                "Mainstay",
                "agent@example.org",
                GitFixture.MAX_BYTES,
                Duration.ofSeconds(60),
                fixture.policy()),
            GitFixture.credentials());
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Request request(Workspace workspace) {
    return fixture.request("r1", "repo.git", workspace.baseBranch(), workspace.baseCommit());
  }

  @Test
  void workGoesOnWhereItWas() throws Exception {
    Workspace workspace = here.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "new/file.txt", "new\n");
    Files.delete(workspace.tree().resolve("readme.txt"));
    Commit commit = workspace.commit("Add a file", AT).orElseThrow();
    byte[] bundle = workspace.bundle(commit, MANY).orElseThrow();
    // Meanwhile others go on: the run does not.
    fixture.write("readme.txt", "moved on\n");
    fixture.push("Second");

    Request request = request(workspace);
    there.restore(request, commit.id(), bundle, quiet());
    Workspace moved = there.open(request, quiet());
    assertThat(moved.baseCommit()).isEqualTo(workspace.baseCommit());
    assertThat(moved.tree().resolve("new/file.txt")).hasContent("new\n");
    assertThat(moved.tree().resolve("readme.txt")).doesNotExist();
    assertThat(moved.commit("Add a file", AT)).contains(commit);
    assertThat(there.diff(request, MANY)).isEqualTo(here.diff(request, MANY));
    assertThat(moved.push(commit, "mainstay/r1", "mainstay/r1-2").commitId())
        .isEqualTo(commit.id());
    assertThat(there.runs()).containsExactly("r1");
  }

  @Test
  void whatWasHereBeforeIsReplaced() throws Exception {
    Workspace workspace = here.open(fixture.request("r1"), quiet());
    Request request = request(workspace);
    write(there.open(request, quiet()).tree(), "old.txt", "old\n");
    write(workspace.tree(), "new.txt", "new\n");
    Commit commit = workspace.commit("New", AT).orElseThrow();
    there.restore(request, commit.id(), workspace.bundle(commit, MANY).orElseThrow(), quiet());
    Workspace moved = there.open(request, quiet());
    assertThat(moved.tree().resolve("old.txt")).doesNotExist();
    assertThat(moved.tree().resolve("new.txt")).hasContent("new\n");
  }

  @Test
  void aDiscardedRunBeginsAnew() throws Exception {
    Workspace workspace = here.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "new.txt", "new\n");
    assertThat(workspace.commit("New", AT)).isPresent();
    Request request = request(workspace);
    here.discard(request);
    assertThat(here.exists(request)).isFalse();
    here.discard(request);
    assertThat(here.open(request, quiet()).tree().resolve("new.txt")).doesNotExist();
  }

  @Test
  void bundlesAreBounded() throws Exception {
    Workspace workspace = here.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "new.txt", "new\n");
    Commit commit = workspace.commit("New", AT).orElseThrow();
    assertThat(workspace.bundle(commit, 100)).isEmpty();
  }

  @Test
  void anotherCommitThanTheOneSaidIsRefused() throws Exception {
    Workspace workspace = here.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "new.txt", "new\n");
    Commit commit = workspace.commit("New", AT).orElseThrow();
    byte[] bundle = workspace.bundle(commit, MANY).orElseThrow();
    assertThatThrownBy(
            () -> there.restore(request(workspace), workspace.baseCommit(), bundle, quiet()))
        .isInstanceOf(GitException.class)
        .hasMessageContaining("not a commit on top of its base");
    bundle[bundle.length - 1]++;
    assertThatThrownBy(() -> there.restore(request(workspace), commit.id(), bundle, quiet()))
        .isInstanceOf(GitException.class);
  }
}
