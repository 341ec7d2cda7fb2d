package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.git;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static dev.mainstay.agent.git.GitWorkspacesTest.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.Workspace.Commit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories and agents that mean harm. */
class HostileTreeTest {
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

  /** Every way to make git run a program that lies in a tree, first shown to work elsewhere. */
  @Test
  void runsNothingThatATreeAsksFor() throws Exception {
    Path canary = directory.resolve("canary");
    fixture.write("evil.sh", "#!/bin/sh\necho \"$0 $@\" >> " + canary + "\ncat\n");
    PushTest.makeExecutable(fixture.developer.resolve("evil.sh"));
    fixture.write(".gitattributes", "* filter=evil diff=evil merge=evil\n*.pdf diff=evil\n");
    fixture.write(".gitmodules", "[submodule \"x\"]\npath = x\nurl = ext::sh -c touch% " + canary);
    fixture.push("Attributes");
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    Path tree = workspace.tree();
    String evil = tree.resolve("evil.sh").toString();
    for (Path place : List.of(tree, tree.resolve("nested"), tree.resolve("src"))) {
      arm(place, evil);
      write(place, "readme.txt", "changed\n");
      write(place, "new.pdf", "new\n");
    }
    git(tree, "status");
    assertThat(canary).as("the trap works for a careless git").exists();
    Files.delete(canary);

    assertThat(workspaces.diff(fixture.request("r1"), 100_000)).contains("+changed");
    Commit commit = workspace.commit("Careful", AT).orElseThrow();
    fixture.write("other.txt", "moved on");
    fixture.push("Moved");
    workspace.push(commit, "trunk", "aside");
    workspaces.diff(fixture.request("r1"), 100_000);
    workspaces.open(fixture.request("r1"), quiet());
    workspaces.remove(fixture.request("r1"));
    assertThat(canary).doesNotExist();
    assertThat(git(fixture.remote, "show", "trunk:nested/new.pdf")).isEqualTo("new");
    assertThat(git(fixture.remote, "ls-tree", "-r", "--name-only", "trunk"))
        .doesNotContain(".git/", "config", "hooks");
  }

  private static void arm(Path place, String evil) throws IOException {
    Files.createDirectories(place);
    git(place, "init", "-q");
    for (String[] setting :
        new String[][] {
          {"core.fsmonitor", evil},
          {"core.sshCommand", evil},
          {"core.gitProxy", evil},
          {"core.askPass", evil},
          {"core.pager", evil},
          {"core.hooksPath", place.resolve(".git/hooks").toString()},
          {"credential.helper", evil},
          {"diff.external", evil},
          {"diff.evil.command", evil},
          {"diff.evil.textconv", evil},
          {"merge.evil.driver", evil},
          {"filter.evil.clean", evil},
          {"filter.evil.smudge", evil},
          {"filter.evil.process", evil},
          {"gpg.program", evil},
          {"commit.gpgSign", "true"},
          {"push.gpgSign", "true"},
        }) {
      git(place, "config", setting[0], setting[1]);
    }
    Path hooks = Files.createDirectories(place.resolve(".git/hooks"));
    for (String hook :
        List.of(
            "pre-commit",
            "commit-msg",
            "post-commit",
            "pre-push",
            "post-checkout",
            "post-index-change",
            "reference-transaction",
            "pre-auto-gc",
            "post-merge")) {
      Files.writeString(hooks.resolve(hook), "#!/bin/sh\nexec " + evil + "\n");
      PushTest.makeExecutable(hooks.resolve(hook));
    }
  }

  @Test
  void takesNestedRepositoriesForPlainFiles() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    Path tree = workspace.tree();
    for (String place : List.of("withCommit", "without", "withCommit/deeper", "src")) {
      Path nested = Files.createDirectories(tree.resolve(place));
      git(nested, "init", "-q");
      write(nested, "file.txt", place);
      write(nested, "noise.tmp", place);
      write(nested, ".gitignore", "*.tmp\n");
    }
    git(tree.resolve("withCommit"), "add", "file.txt");
    git(tree.resolve("withCommit"), "commit", "-q", "-m", "x");
    Commit commit = workspace.commit("Nested", AT).orElseThrow();
    workspace.push(commit, "mainstay/r1", "aside");
    assertThat(git(fixture.remote, "ls-tree", "-r", "--name-only", "mainstay/r1").lines())
        .contains(
            "withCommit/file.txt", "without/file.txt", "withCommit/deeper/file.txt", "src/file.txt")
        .noneMatch(name -> name.contains(".git/") || name.endsWith(".tmp"));
    assertThat(git(fixture.remote, "ls-tree", "-r", "mainstay/r1")).doesNotContain("160000");
  }

  @Test
  void leavesSubmodulesAlone() throws Exception {
    String target = git(fixture.developer, "rev-parse", "HEAD");
    fixture.write(
        ".gitmodules",
        "[submodule \"sub\"]\npath = sub\nurl = " + fixture.server.url("sub.git") + "\n");
    git(fixture.developer, "update-index", "--add", "--cacheinfo", "160000," + target + ",sub");
    git(fixture.developer, "add", ".gitmodules");
    git(fixture.developer, "commit", "-q", "-m", "Submodule");
    git(fixture.developer, "push", "-q", fixture.remote.toString(), "HEAD");
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    assertThat(fixture.server.requests()).noneMatch(request -> request.uri().contains("sub.git"));
    Path sub = workspace.tree().resolve("sub");
    assertThat(sub).isEmptyDirectory();
    assertThat(workspace.commit("Nothing", AT)).isEmpty();

    git(sub, "init", "-q");
    write(sub, "inner.txt", "x");
    git(sub, "add", "-A");
    git(sub, "commit", "-q", "-m", "A commit that only exists here");
    assertThat(workspace.commit("Still nothing", AT)).isEmpty();
    write(workspace.tree(), "readme.txt", "changed");
    Commit commit = workspace.commit("Something", AT).orElseThrow();
    workspace.push(commit, "mainstay/r1", "aside");
    assertThat(git(fixture.remote, "ls-tree", "mainstay/r1", "sub")).contains("160000", target);
  }

  @Test
  void writesNothingOutsideOfTheTree() throws Exception {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.createSymbolicLink(fixture.developer.resolve("out"), outside);
    Files.createSymbolicLink(fixture.developer.resolve("passwd"), Path.of("/etc/passwd"));
    fixture.push("Links");
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    assertThat(Files.isSymbolicLink(workspace.tree().resolve("out"))).isTrue();

    // A tracked directory becomes a link: what lies behind it is not the repository's.
    write(outside, "main.txt", "secret of the machine\n");
    new Trash(Files.createDirectories(directory.resolve("t")))
        .delete(workspace.tree().resolve("src"));
    Files.createSymbolicLink(workspace.tree().resolve("src"), outside);
    assertThat(workspaces.diff(fixture.request("r1"), 100_000))
        .contains("deleted file", "new file mode 120000")
        .doesNotContain("secret", "root:");
    Commit commit = workspace.commit("Link", AT).orElseThrow();
    workspace.push(commit, "mainstay/r1", "aside");
    assertThat(git(fixture.remote, "ls-tree", "-r", "mainstay/r1", "src")).startsWith("120000");

    workspaces.remove(fixture.request("r1"));
    assertThat(outside.resolve("main.txt")).exists();
  }

  /** A tree that only a hostile client makes: the link comes first, then a file through it. */
  @Test
  void refusesTreesThatNoHonestGitMakes() throws Exception {
    String blob = git(fixture.developer, "rev-parse", "HEAD:readme.txt");
    Path raw = directory.resolve("raw");
    for (String name : List.of(".git", "..", ".GIT", "git~1")) {
      List<byte[]> parts = new ArrayList<>();
      parts.add(("100644 " + name + "\0").getBytes(StandardCharsets.US_ASCII));
      parts.add(java.util.HexFormat.of().parseHex(blob));
      try (var out = Files.newOutputStream(raw)) {
        for (byte[] part : parts) {
          out.write(part);
        }
      }
      String tree =
          git(fixture.remote, "hash-object", "-t", "tree", "--literally", "-w", raw.toString());
      String commit = git(fixture.remote, "commit-tree", "-m", "evil", tree);
      git(fixture.remote, "update-ref", "refs/heads/evil", commit);
      assertThat(
              failure(
                  () -> workspaces.open(fixture.request("r1", "repo.git", "evil", ""), quiet())))
          .as(name)
          .returns("clone_failed", GitException::code)
          .returns(false, GitException::retryable);
    }
  }

  @Test
  void keepsFilesApartThatDifferInCase() throws Exception {
    fixture.write("Case.txt", "upper");
    fixture.write("case.txt", "lower");
    fixture.push("Case");
    Path tree = workspaces.open(fixture.request("r1"), quiet()).tree();
    assertThat(tree.resolve("Case.txt")).hasContent("upper");
    assertThat(tree.resolve("case.txt")).hasContent("lower");
  }

  @Test
  void refusesAPackThatUnpacksToTooMuch() throws Exception {
    write(fixture.developer, "zeros", "\0".repeat(3_000_000));
    for (int i = 0; i < 7; i++) {
      Files.copy(fixture.developer.resolve("zeros"), fixture.developer.resolve("zeros" + i));
    }
    fixture.push("Bomb");
    assertThat(failure(() -> workspaces.open(fixture.request("r1"), quiet())))
        .returns("checkout_too_large", GitException::code)
        .returns(false, GitException::retryable);
    assertThat(directory.resolve("root/runs/r1/tree")).doesNotExist();
  }

  @Test
  void refusesATransferThatIsTooLarge() throws Exception {
    byte[] noise = new byte[(int) GitFixture.MAX_BYTES + 1_000_000];
    new java.util.Random(1).nextBytes(noise);
    Files.write(fixture.developer.resolve("noise"), noise);
    fixture.push("Noise");
    assertThat(failure(() -> workspaces.open(fixture.request("r1"), quiet())))
        .returns("checkout_too_large", GitException::code);
    try (var files = Files.walk(directory.resolve("root/mirrors"))) {
      long largest =
          files.filter(Files::isRegularFile).mapToLong(HostileTreeTest::size).max().orElse(0);
      assertThat(largest).isLessThanOrEqualTo(GitFixture.MAX_BYTES + 512);
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  @Test
  void refusesToCommitTooMuch() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    try (var file =
        java.nio.channels.FileChannel.open(
            workspace.tree().resolve("sparse"),
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE)) {
      file.write(java.nio.ByteBuffer.wrap(new byte[1]), 500_000_000_000L);
    }
    assertThat(failure(() -> workspace.commit("Huge", AT)))
        .returns("checkout_too_large", GitException::code)
        .hasMessageContaining(".gitignore");
  }

  @Test
  void commitsNamesThatAreNotUnicode() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    GitHttpServer.run(
        workspace.tree(), "sh", "-c", "echo x > \"$(printf 'caf\\351 a\\nb')\"; echo y > '- x'");
    Commit commit = workspace.commit("Odd names", AT).orElseThrow();
    workspace.push(commit, "mainstay/r1", "aside");
    assertThat(git(fixture.remote, "ls-tree", "--name-only", "mainstay/r1").lines())
        .contains("\"caf\\351 a\\nb\"", "- x");
  }

  @Test
  void copesWithFilesOfOtherUsersAndModes() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    Path tree = workspace.tree();
    write(tree, "locked/inner/file.txt", "x\n");
    write(tree, "readme.txt", "mine\n");
    GitHttpServer.run(tree, "sh", "-c", "mkfifo pipe; chmod 500 locked/inner; chmod 500 locked");
    if (GitHttpServer.run(tree, "id", "-u").strip().equals("0")) {
      GitHttpServer.run(tree, "chown", "-R", "2001:2001", ".");
    }
    assertThat(workspaces.diff(fixture.request("r1"), 10_000))
        .contains("+mine", "locked/inner/file.txt");
    assertThat(workspace.commit("Other owner", AT)).isPresent();
    workspaces.remove(fixture.request("r1"));
    assertThat(tree.getParent()).doesNotExist();
    assertThat(directory.resolve("root/trash")).isEmptyDirectory();
  }

  @Test
  void deletesWhatIsDeeperThanAnyPath() throws Exception {
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    // 600 levels of eleven characters: more than a path may have.
    GitHttpServer.run(
        workspace.tree(),
        "bash",
        "-c",
        "for i in {1..600}; do mkdir dddddddddd; cd -P ./dddddddddd; done");
    workspaces.remove(fixture.request("r1"));
    assertThat(workspace.tree()).doesNotExist();
    assertThat(directory.resolve("root/trash")).isEmptyDirectory();
  }
}
