package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.agent.sandbox.CommandResult.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShellSessionTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private TestSandbox sandbox;

  @BeforeAll
  void open(@TempDir Path directory) throws InterruptedException {
    sandbox = new TestSandbox(directory);
  }

  @AfterAll
  void close() {
    sandbox.close();
  }

  @Test
  void directoryAndExportedVariablesStayFromCommandToCommand() throws Exception {
    sandbox.output("mkdir -p 'a b' && cd 'a b' && export WORD='two  \"words\"' && local_one=1");

    assertThat(sandbox.output("pwd; echo \"$WORD\"; echo \"[$local_one]\""))
        .isEqualTo("/workspace/a b\ntwo  \"words\"\n[]\n");
    assertThat(sandbox.output("cd /workspace; unset WORD; set -eu; trap 'echo bye' EXIT"))
        .isEqualTo("bye\n");
    assertThat(sandbox.output("pwd; echo \"[${WORD-}]\"")).isEqualTo("/workspace\n[]\n");
  }

  @Test
  void exitEndsTheCommandAndNotTheSession() throws Exception {
    assertThat(sandbox.run("cd /tmp; exit 7").exitCode()).isEqualTo(7);
    assertThat(sandbox.output("pwd; cd /workspace")).isEqualTo("/tmp\n");
    assertThat(sandbox.run("kill -9 $$").exitCode()).isEqualTo(137);
    assertThat(sandbox.run("exec false").exitCode()).isEqualTo(1);
    assertThat(sandbox.run("if then").output()).contains("syntax error");
    assertThat(sandbox.run("builtin unset -f __mainstay_save; :").exitCode()).isNotNegative();
    assertThat(sandbox.output("echo still here")).isEqualTo("still here\n");
  }

  @Test
  void standardInputIsEmptyAndOutputsKeepTheirOrder() throws Exception {
    assertThat(sandbox.output("cat; for i in 1 2 3; do echo out$i; echo err$i >&2; done"))
        .isEqualTo("out1\nerr1\nout2\nerr2\nout3\nerr3\n");
  }

  @Test
  void oversizedOrMalformedCommandsAreRefused() {
    assertThatThrownBy(() -> sandbox.run("x".repeat(ShellSession.MAX_COMMAND_BYTES + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sandbox.run("a\0b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sandbox.shell.run("true", Duration.ofSeconds(601), chunk -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLongestCommandRuns() throws Exception {
    String filler = "x".repeat(ShellSession.MAX_COMMAND_BYTES - "echo \n".length());
    assertThat(sandbox.run("echo " + filler + "\n").exitCode()).isZero();
  }

  @Test
  void attack21EndlessOutputIsCappedAndKilledInTime() throws Exception {
    StringBuilder live = new StringBuilder();
    CommandResult result =
        sandbox.shell.run("echo first; yes 0123456789", Duration.ofSeconds(2), live::append);

    assertThat(result.ending()).isEqualTo(Ending.TIMED_OUT);
    assertThat(result.output()).startsWith("first\n").contains("characters cut");
    assertThat(result.output().length()).isBetween(29_000, 30_100);
    assertThat(live.length()).isBetween(1, 30_000);
  }

  @Test
  void attack21AMillionLinesKeepHeadAndTail() throws Exception {
    String output = sandbox.output("seq 1 1000000");

    assertThat(output)
        .startsWith("1\n2\n3\n")
        .endsWith("\n999999\n1000000\n")
        .hasSizeLessThan(30_100);
  }

  @Test
  void attack21HostileBytesBecomePlainText() throws Exception {
    assertThat(
            sandbox.output(
                "printf 'a\\0b\\033[31mred\\033[0m\\033]0;title\\007 \\377\\376 \\r\\nend'"))
        .isEqualTo("abred \ufffd\ufffd \nend");
  }

  @Test
  void outputCannotForgeTheEndOfTheCommand() throws Exception {
    String forgery =
        "printf '\\0%s' 00000000000000000000000000000000; echo 0 >&9; echo 0 >&2; "
            + "printf '%s\\n' 0 > /proc/1/fd/9; cat /proc/1/fd/0; cat /proc/1/environ /proc/1/mem; "
            + "for f in /proc/1/fd/*; do echo 0 > $f; done; sleep 0.2; echo finished";
    CommandResult result = sandbox.run(forgery);

    assertThat(result.ending()).isEqualTo(Ending.EXITED);
    assertThat(result.output()).contains("Permission denied").endsWith("finished\n");
    assertThat(sandbox.output("echo next")).isEqualTo("next\n");
  }

  @Test
  void theDriverCannotBeKilledOrTracedFromInside() throws Exception {
    assertThat(sandbox.output("kill -9 1; kill -STOP 1; kill -QUIT 1; echo on")).endsWith("on\n");
    assertThat(sandbox.output("echo alive")).isEqualTo("alive\n");
  }

  @Test
  void backgroundProcessesLiveOnAndTheirOutputIsNotMixedIn() throws Exception {
    sandbox.output(
        "(while sleep 0.01; do echo noise; [ -e /tmp/stop ] && echo x >/tmp/stopped && exit; done) &");
    assertThat(sandbox.output("jobs; echo own")).contains("own\n");
    assertThat(
            sandbox.output(
                "touch /tmp/stop; until [ -s /tmp/stopped ]; do sleep 0.01; done; echo ok"))
        .endsWith("ok\n");
  }

  @Test
  void attack15TimeoutKillsTheWholeTreeAndStartsAFreshShell() throws Exception {
    sandbox.output("cd /tmp; setsid sleep 98765 & (setsid nohup sleep 98765 >/dev/null 2>&1 &)");
    CommandResult result =
        sandbox.shell.run("echo before; sleep 98765", Duration.ofMillis(300), chunk -> {});

    assertThat(result.ending()).isEqualTo(Ending.TIMED_OUT);
    assertThat(result.output()).isEqualTo("before\n");
    assertThat(hostProcesses("98765")).isZero();
    assertThat(sandbox.output("pwd")).isEqualTo("/workspace\n");
  }

  @Test
  void interruptKillsTheTree() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    sandbox.shell.run("echo go; sleep 87654", MINUTE, chunk -> started.countDown());
                  } catch (Throwable e) {
                    thrown.set(e);
                  }
                });
    started.await();
    caller.interrupt();
    caller.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(hostProcesses("87654")).isZero();
    assertThat(sandbox.output("echo usable")).isEqualTo("usable\n");
  }

  @Test
  void aFailingListenerEndsTheCommand() throws Exception {
    assertThatThrownBy(
            () ->
                sandbox.shell.run(
                    "echo x; sleep 76543",
                    MINUTE,
                    chunk -> {
                      throw new IllegalStateException("listener");
                    }))
        .hasMessage("listener");
    assertThat(hostProcesses("76543")).isZero();
    assertThat(sandbox.output("echo usable")).isEqualTo("usable\n");
  }

  @Test
  void liveOutputComesBeforeTheEnd() throws Exception {
    Path flag = sandbox.workspace.resolve("seen");
    CommandResult result =
        sandbox.shell.run(
            "echo first; until [ -e seen ]; do sleep 0.01; done; echo last",
            MINUTE,
            chunk -> {
              if (chunk.contains("first")) {
                touch(flag);
              }
            });
    assertThat(result.output()).isEqualTo("first\nlast\n");
  }

  @Test
  void aClosedSessionRefusesAndLeavesNothing(@TempDir Path directory) throws Exception {
    TestSandbox other = new TestSandbox(directory);
    other.output("sleep 65432 & :");
    other.shell.close();

    assertThat(hostProcesses("65432")).isZero();
    assertThatThrownBy(() -> other.run("true")).isInstanceOf(IllegalStateException.class);
    other.close();
    assertThat(directory.resolve("runtime")).isEmptyDirectory();
  }

  @Test
  void closingEndsARunningCommand(@TempDir Path directory) throws Exception {
    TestSandbox other = new TestSandbox(directory);
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<CommandResult> result = new CompletableFuture<>();
    Thread unused =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    result.complete(
                        other.shell.run("echo; sleep 13579", MINUTE, chunk -> started.countDown()));
                  } catch (InterruptedException e) {
                    result.completeExceptionally(e);
                  }
                });
    started.await();
    other.close();

    assertThat(result.get(20, TimeUnit.SECONDS).ending()).isEqualTo(Ending.SHELL_DIED);
    assertThat(hostProcesses("13579")).isZero();
  }

  @Test
  void withoutASandboxTheTreeStillDies(@TempDir Path directory) throws Exception {
    try (TestSandbox off = new TestSandbox(directory, SandboxMode.OFF, TestSandbox.limits())) {
      assertThat(off.output("env")).doesNotContain("JAVA", "M2", "MAVEN");
      assertThat(off.output("pwd")).isEqualTo(off.workspace + "\n");
      assertThat(off.output("ulimit -f -n")).contains("16384", "256");
      off.output("(sleep 54321 &) ; sleep 54321 & :");
      CommandResult result =
          off.shell.run("sleep 54321 & sleep 54321", Duration.ofMillis(300), chunk -> {});
      assertThat(result.ending()).isEqualTo(Ending.TIMED_OUT);
      assertThat(hostProcesses("54321")).isZero();
      assertThat(off.output("echo fresh")).isEqualTo("fresh\n");
    }
  }

  /** Counts running processes whose command line holds an argument. */
  static long hostProcesses(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process -> argumentsOf(process.pid()).contains("sleep\0" + argument + "\0"))
        .count();
  }

  private static String argumentsOf(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private static void touch(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void awaitNone(String argument) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hostProcesses(argument) == 0);
  }
}
