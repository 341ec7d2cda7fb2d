package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who dies with whom, with real servers as child processes. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class SandboxLifetimeTest {

  @Test
  void attack15KillNineOfTheServerLeavesNoProcess(@TempDir Path directory) throws Exception {
    Process server = ChildServer.start(directory, List.of(), "hold", "AUTO", "40001");
    awaitLine(server, "ready");
    assertThat(ShellSessionTest.hostProcesses("40001")).isEqualTo(3);

    server.destroyForcibly().waitFor();

    ShellSessionTest.awaitNone("40001");
    try (Sandboxes next =
        Sandboxes.open(SandboxMode.AUTO, TestSandbox.limits(), directory.resolve("runtime"))) {
      // What the kernel keeps is the empty groups.
      assertThat(next.status().limiter() == Limiter.PRLIMIT || next.reap() > 0).isTrue();
    }
  }

  @Test
  void attack15TheNextStartKillsWhatAnUnsandboxedServerLeft(@TempDir Path directory)
      throws Exception {
    Process server = ChildServer.start(directory, List.of(), "hold", "OFF", "40002");
    awaitLine(server, "ready");
    server.destroyForcibly().waitFor();
    assertThat(ShellSessionTest.hostProcesses("40002")).isPositive();
    Process running = ChildServer.start(directory, List.of(), "hold", "OFF", "40003");
    awaitLine(running, "ready");

    try (Sandboxes next =
        Sandboxes.open(SandboxMode.AUTO, TestSandbox.limits(), directory.resolve("runtime"))) {
      assertThat(next.reap()).isPositive();
    }

    ShellSessionTest.awaitNone("40002");
    assertThat(ShellSessionTest.hostProcesses("40003")).as("a running server's").isPositive();
    running.destroyForcibly().waitFor();
    try (Sandboxes last =
        Sandboxes.open(SandboxMode.OFF, TestSandbox.limits(), directory.resolve("runtime"))) {
      assertThat(last.reap()).isPositive();
    }
    ShellSessionTest.awaitNone("40003");
    assertThat(directory.resolve("runtime")).isEmptyDirectory();
  }

  /**
   * The kernel's parent of a sandbox is the thread that forked it. A session that is started by a
   * thread which then ends must outlive that thread; the kill would come within milliseconds.
   */
  @Test
  void aSessionOutlivesTheThreadThatOpenedIt(@TempDir Path directory) throws Exception {
    CompletableFuture<TestSandbox> opened = new CompletableFuture<>();
    Thread opener =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    opened.complete(new TestSandbox(directory));
                  } catch (InterruptedException e) {
                    opened.completeExceptionally(e);
                  }
                });
    try (TestSandbox sandbox = opened.get()) {
      opener.join();
      long pid = sandbox.shell.pid();
      CompletableFuture<String> fromVirtual = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  fromVirtual.complete(sandbox.output("sleep 3; echo lived"));
                } catch (Throwable e) {
                  fromVirtual.completeExceptionally(e);
                }
              })
          .join();
      assertThat(fromVirtual.get()).isEqualTo("lived\n");
      assertThat(sandbox.shell.pid()).isEqualTo(pid);
      assertThat(spawners()).isPositive();
    }
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> spawners() == 0);
  }

  @Test
  void theSpawnerStartsEverythingFromOnePermanentThread() throws Exception {
    try (Spawner spawner = new Spawner()) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    started.complete(spawner.start(new ProcessBuilder("/bin/true")));
                  } catch (IOException | InterruptedException e) {
                    started.completeExceptionally(e);
                  }
                });
        assertThat(started.get().waitFor()).isZero();
        assertThat(spawners()).isEqualTo(1);
      }
    }
  }

  @Test
  void aServerThatIsNotRootHasTheSameSandbox(@TempDir Path directory) throws Exception {
    Process server = ChildServer.start(directory, ChildServer.asOrdinaryUser(), "checks");
    String said = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(server.waitFor()).as(said).isZero();
    assertThat(said).contains("checks passed");
  }

  private static void awaitLine(Process process, String wanted) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder seen = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(wanted)) {
        return;
      }
      seen.append(line).append('\n');
    }
    throw new AssertionError("the server ended: " + seen);
  }

  private static long spawners() throws IOException {
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.filter(SandboxLifetimeTest::isSpawner).count();
    }
  }

  private static boolean isSpawner(Path task) {
    try {
      return Files.readString(task.resolve("comm"))
          .startsWith(Spawner.THREAD_NAME.substring(0, 15));
    } catch (IOException ended) {
      return false;
    }
  }
}
