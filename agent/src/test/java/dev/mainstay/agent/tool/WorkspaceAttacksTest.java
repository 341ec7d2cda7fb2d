package dev.mainstay.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.sandbox.HostUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The file rows of the hostile-input list: a workspace that wants out. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class WorkspaceAttacksTest extends ToolTestBase {
  private static final String SECRET = "secret-3b7d";

  @Test
  void attack8NoToolFollowsALinkOutOfTheWorkspace() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret"), SECRET);
    Files.createSymbolicLink(workspace.resolve("passwd"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(workspace.resolve("dir"), outside);
    Files.createSymbolicLink(workspace.resolve("dangling"), outside.resolve("new"));

    assertThat(refused("read", "{'file_path':'passwd'}")).contains("symbolic link");
    assertThat(refused("read", "{'file_path':'dir/secret'}")).contains("symbolic link");
    assertThat(refused("write", "{'file_path':'dir/new','content':'x'}")).contains("link");
    assertThat(refused("write", "{'file_path':'dir/a/new','content':'x'}")).contains("link");
    assertThat(refused("write", "{'file_path':'dangling','content':'x'}")).contains("link");
    assertThat(refused("edit", "{'file_path':'dir/secret','old_string':'s','new_string':'x'}"))
        .contains("link");
    assertThat(ok("grep", "{'pattern':'secret|root'}")).isEqualTo("No match.\n");
    assertThat(refused("grep", "{'pattern':'secret','path':'dir'}")).contains("neither");
    assertThat(ok("glob", "{'pattern':'**'}")).isEqualTo("No file matches.\n");
    assertThat(refused("glob", "{'pattern':'*','path':'dir/x'}")).contains("'dir/x'");
    assertThat(outside).isDirectoryContaining(path -> path.equals(secret));
    assertThat(secret).hasContent(SECRET);
    assertThat(outside.resolve("new")).doesNotExist();
  }

  @Test
  void attack8PathsThatLeaveAreRefused() throws Exception {
    file("a/file", "x");
    for (String path :
        List.of("../x", "a/../../x", "a/..", "/etc/passwd", "/workspaces/x", "/workspace/../x")) {
      refused("read", "{'file_path':'" + path + "'}");
      refused("write", "{'file_path':'" + path + "','content':''}");
      refused("grep", "{'pattern':'x','path':'" + path + "'}");
      refused("glob", "{'pattern':'*','path':'" + path + "'}");
    }
    assertThat(refused("read", "{'file_path':'a\\u0000b'}")).contains("NUL");
    assertThat(refused("read", "{'file_path':''}")).contains("empty");
    assertThat(refused("write", "{'file_path':'.','content':''}")).contains("itself");
    assertThat(refused("read", "{'file_path':'" + "x/".repeat(101) + "y'}")).contains("deeper");
    assertThat(refused("read", "{'file_path':'" + "x".repeat(300) + "'}")).contains("refuses");
    assertThat(ok("read", "{'file_path':'/workspace//a/./file'}")).contains("x");
    assertThat(ok("read", "{'file_path':'" + workspace.toRealPath() + "/a/file'}")).contains("x");
  }

  @Test
  void attack8SwappingADirectoryForALinkMeanwhileNeverReachesOutside() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("file"), SECRET);
    Path swapped = workspace.resolve("dir");
    Files.createDirectory(swapped);
    Files.writeString(swapped.resolve("file"), "inside");
    Path parked = workspace.resolve("parked");
    Path link = Files.createSymbolicLink(workspace.resolve("link"), outside);
    AtomicBoolean stop = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    try {
                      Files.move(swapped, parked, StandardCopyOption.ATOMIC_MOVE);
                      Files.move(link, swapped, StandardCopyOption.ATOMIC_MOVE);
                      Files.move(swapped, link, StandardCopyOption.ATOMIC_MOVE);
                      Files.move(parked, swapped, StandardCopyOption.ATOMIC_MOVE);
                    } catch (IOException e) {
                      // A tool was in the way of a move: begin anew from the same state.
                      deleteQuietly(swapped);
                      restore(parked, swapped, link, outside);
                    }
                  }
                });
    int good = 0;
    for (int i = 0; i < 3000; i++) {
      Tool.Output read = call("read", "{'file_path':'dir/file'}");
      assertThat(read.text()).doesNotContain(SECRET);
      good += read.isError() ? 0 : 1;
      call("edit", "{'file_path':'dir/file','old_string':'inside','new_string':'inside!'}");
      call("edit", "{'file_path':'dir/file','old_string':'inside!','new_string':'inside'}");
      assertThat(call("grep", "{'pattern':'secret-','output_mode':'content'}").text())
          .doesNotContain(SECRET);
    }
    stop.set(true);
    swapper.join();

    assertThat(good).isPositive();
    assertThat(outside.resolve("file")).hasContent(SECRET);
    assertThat(outside.toFile().list()).containsExactly("file");
  }

  private static void restore(Path parked, Path swapped, Path link, Path outside) {
    try {
      if (Files.exists(parked)) {
        Files.move(parked, swapped, StandardCopyOption.ATOMIC_MOVE);
      } else if (!Files.exists(swapped)) {
        Files.createDirectory(swapped);
        Files.writeString(swapped.resolve("file"), "inside");
      }
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, outside);
      }
    } catch (IOException e) {
      // Tried again at the next failure, which is the next move.
    }
  }

  @Test
  void aPipeDeviceOrSocketIsRefusedAndNeverBlocks() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", workspace.resolve("pipe").toString()).start().waitFor())
        .isZero();

    assertThat(refused("read", "{'file_path':'pipe'}")).contains("pipe");
    assertThat(refused("read", "{'file_path':'pipe/x'}")).contains("is a file");
    assertThat(refused("write", "{'file_path':'pipe','content':'x'}")).contains("pipe");
    assertThat(ok("grep", "{'pattern':'x'}")).isEqualTo("No match.\n");
    assertThat(ok("glob", "{'pattern':'*'}")).isEqualTo("No file matches.\n");
  }

  @Test
  void theRepositoryDirectoryCannotBeWritten() throws Exception {
    Path config = file(".git/config", "[core]");

    for (String path : List.of(".git", ".git/config", "a/.git/hooks/x", ".GIT/x", "./.git/y")) {
      assertThat(refused("write", "{'file_path':'" + path + "','content':'x'}")).contains(".git");
    }
    refused("edit", "{'file_path':'.git/config','old_string':'core','new_string':'x'}");
    assertThat(config).hasContent("[core]");
    assertThat(ok("write", "{'file_path':'.gitignore','content':'x'}")).contains("Created");
    assertThat(ok("grep", "{'pattern':'core'}")).isEqualTo("No match.\n");
  }

  @Test
  void attack9WhatToolsWriteBelongsToTheSandboxAndIsNeverSetuid() throws Exception {
    Path script = file("run.sh", "echo");
    Files.setAttribute(script, "unix:mode", 06754);
    ok("write", "{'file_path':'run.sh','content':'echo 2'}");
    ok("write", "{'file_path':'deep/er/new','content':'x'}");

    assertThat((Integer) Files.getAttribute(script, "unix:mode") & 07777).isEqualTo(0754);
    assertThat((Integer) Files.getAttribute(workspace.resolve("deep/er/new"), "unix:mode") & 07777)
        .isEqualTo(0644);
    if (HostUser.serverIsRoot()) {
      for (String path : List.of("run.sh", "deep", "deep/er", "deep/er/new")) {
        assertThat(
                Files.getAttribute(workspace.resolve(path), "unix:uid", LinkOption.NOFOLLOW_LINKS))
            .as(path)
            .isEqualTo(UID);
      }
    }
    assertThat(workspace.toFile().list()).containsExactlyInAnyOrder("run.sh", "deep");
  }

  @Test
  void attack21HostileContentIsShownAsPlainText() throws Exception {
    Files.write(workspace.resolve("odd"), "a\u001b[31mb\rc\u009b".getBytes(StandardCharsets.UTF_8));
    Files.write(workspace.resolve("latin"), new byte[] {'g', (byte) 0xfc, '\n'});
    Files.write(workspace.resolve("bin"), new byte[] {'a', 0, 'b'});
    file("long", "x".repeat(5_000_000));

    assertThat(ok("read", "{'file_path':'odd'}")).isEqualTo("     1\ta\u241b[31mb\u240dc\ufffd\n");
    assertThat(ok("read", "{'file_path':'latin'}")).isEqualTo("     1\tg\ufffd\n");
    assertThat(refused("read", "{'file_path':'bin'}")).contains("binary");
    assertThat(ok("read", "{'file_path':'long'}")).endsWith("x [line cut]\n").hasSizeLessThan(2100);
  }

  private static void deleteQuietly(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve("file"));
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // The next round meets it again.
      return;
    }
  }
}
