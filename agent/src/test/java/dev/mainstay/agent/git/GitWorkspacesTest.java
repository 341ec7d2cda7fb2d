package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.git;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.Workspace.Commit;
import dev.mainstay.agent.git.Workspace.Pushed;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
