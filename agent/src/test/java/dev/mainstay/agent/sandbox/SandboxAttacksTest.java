package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.sandbox.CommandResult.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox rows of the hostile-input list, by their numbers there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SandboxAttacksTest {
  private static final String CANARY = "canary-4f1c9e";

  private TestSandbox sandbox;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("secret-of-the-server"), CANARY);
    sandbox = new TestSandbox(directory);
  }

  @AfterAll
  void close() {
    sandbox.close();
  }

  @Test
  void attack9ASetuidFileLeftBehindBelongsToNobodyWhoMatters() throws Exception {
    sandbox.output("cp /bin/bash evil && chmod 4755 evil && chmod 2755 . ; ls -ln evil");
    Path evil = sandbox.workspace.resolve("evil");

    int owner = (Integer) Files.getAttribute(evil, "unix:uid");
    assertThat(owner).isEqualTo(HostUser.serverIsRoot() ? sandbox.uid : ServerProcess.USER_ID);
    assertThat(owner).isNotZero();
    // Inside, the mount ignores the bit.
    assertThat(sandbox.output("./evil -pc 'id -u'; grep ' /workspace ' /proc/mounts"))
        .startsWith("1000\n")
        .contains("nosuid");
    if (HostUser.serverIsRoot()) {
      assertThat(Files.getAttribute(sandbox.workspace, "unix:uid")).isEqualTo(sandbox.uid);
    }
  }

  @Test
  void attack10NoCapabilityNoMountNoNamespaceIsToBeHad() throws Exception {
    assertThat(sandbox.output("grep -E '^(Cap|NoNew)' /proc/self/status"))
        .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
    assertThat(sandbox.output("id -u; id -g")).isEqualTo("1000\n1000\n");
    assertThat(sandbox.run("unshare --user true").exitCode()).isNotZero();
    assertThat(sandbox.run("mount -t tmpfs none /usr").exitCode()).isNotZero();
    assertThat(sandbox.run("mount -o remount,rw /usr").exitCode()).isNotZero();
    assertThat(sandbox.output("touch /usr/x /etc/x /x /dev/x /run/x /run/driver /proc/x; true"))
        .hasLineCount(7);
    assertThat(sandbox.run("bwrap --ro-bind / / true").exitCode()).isNotZero();
  }

  @Test
  void attack11NeitherEnvironmentNorProcShowsTheServer() throws Exception {
    String seen =
        sandbox.output(
            "env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n';"
                + " ls -d /proc/[0-9]*; ls -a / /home /root /mnt /work 2>&1; cat /etc/passwd");
    String server = Long.toString(ProcessHandle.current().pid());

    assertThat(seen).doesNotContain("java", "surefire", "/proc/" + server + "\n", "MAINSTAY");
    assertThat(seen).contains("PATH=", "HOME=/home/agent", "LANG=C.UTF-8", "TERM=dumb");
    System.getenv()
        .forEach(
            (name, value) -> {
              if (value.length() > 12 && !value.startsWith("/usr/") && !value.equals("C.UTF-8")) {
                assertThat(seen).as("value of %s", name).doesNotContain(value);
              }
            });
    assertThat(
            sandbox.output(
                "grep -rs " + CANARY + " / --exclude-dir=proc --exclude-dir=usr | wc -l"))
        .isEqualTo("0\n");
    assertThat(sandbox.output("ls /proc | grep -c '^[0-9]'").strip().length()).isEqualTo(1);
  }

  @Test
  void attack12AForkBombStaysWithinItsProcesses(@TempDir Path directory) throws Exception {
    try (TestSandbox bombed = new TestSandbox(directory)) {
      CommandResult result =
          bombed.shell.run(
              "bomb() { bomb | bomb & }; bomb; for i in $(seq 300); do sleep 43210 & done; wait",
              Duration.ofSeconds(3),
              chunk -> {});

      assertThat(result.output()).contains("Resource temporarily unavailable");
      bombed.shell.close();
      assertThat(ShellSessionTest.hostProcesses("43210")).isZero();
    }
    assertThat(sandbox.output("echo others are fine")).isEqualTo("others are fine\n");
  }

  @Test
  void attack12TheLimitHoldsWhileABackgroundBombRuns(@TempDir Path directory) throws Exception {
    try (TestSandbox bombed = new TestSandbox(directory)) {
      bombed.output("(for i in $(seq 300); do sleep 32109 & done) >/dev/null 2>&1 &");

      Awaitility.await().until(() -> ShellSessionTest.hostProcesses("32109") > 40);
      assertThat(bombed.output("echo usable")).isEqualTo("usable\n");
      assertThat(ShellSessionTest.hostProcesses("32109")).isLessThanOrEqualTo(64);
    }
    assertThat(ShellSessionTest.hostProcesses("32109")).isZero();
  }

  @Test
  void attack13AMemoryHogDiesAndTheServerDoesNot() throws Exception {
    CommandResult result =
        sandbox.run("head -c 2G /dev/zero | tail -c 1G | wc -c; echo rc ${PIPESTATUS[1]}");

    assertThat(result.output()).doesNotContain("rc 0").contains("rc ");
    assertThat(sandbox.output("echo alive")).isEqualTo("alive\n");
  }

  @Test
  void attack13AProcessThatBurnsTimeIsKilled(@TempDir Path directory) throws Exception {
    SandboxLimits limits =
        new SandboxLimits(
            256 * TestSandbox.MIB,
            Duration.ofSeconds(1),
            64,
            TestSandbox.MIB,
            64,
            TestSandbox.MIB,
            30_000,
            0);
    try (TestSandbox short_ = new TestSandbox(directory, SandboxMode.AUTO, limits)) {
      assertThat(short_.run("while :; do :; done").exitCode()).isEqualTo(137);
      assertThat(short_.output("echo on")).isEqualTo("on\n");
    }
  }

  @Test
  void attack13And14NoFileGrowsBeyondItsLimitAndTemporarySpaceIsBounded() throws Exception {
    sandbox.run("head -c 100M /dev/zero > big");
    assertThat(Files.size(sandbox.workspace.resolve("big"))).isEqualTo(16 * TestSandbox.MIB);
    sandbox.output("rm big");
    for (String place : new String[] {"/tmp", "/home/agent", "/dev/shm"}) {
      sandbox.run("for i in 1 2 3; do head -c 15M /dev/zero > " + place + "/f$i; done");
      assertThat(
              Long.parseLong(
                  sandbox.output("du -sm " + place + " | cut -f1; rm -f " + place + "/f?").strip()))
          .as(place)
          .isLessThanOrEqualTo(16);
    }
    assertThat(sandbox.run("head -c 100M /dev/zero > /run/shell/x; rm /run/shell/x").output())
        .isNotEmpty();
    assertThat(sandbox.output("echo on")).isEqualTo("on\n");
  }

  @Test
  void attack13ANearlyFullDiskEndsTheCommand(@TempDir Path directory) throws Exception {
    SandboxLimits limits =
        new SandboxLimits(
            256 * TestSandbox.MIB,
            Duration.ofSeconds(30),
            64,
            TestSandbox.MIB,
            64,
            TestSandbox.MIB,
            30_000,
            Long.MAX_VALUE);
    try (TestSandbox full = new TestSandbox(directory, SandboxMode.AUTO, limits)) {
      assertThat(full.run("sleep 21098").ending()).isEqualTo(Ending.DISK_FULL);
      assertThat(ShellSessionTest.hostProcesses("21098")).isZero();
    }
  }

  @Test
  void attack15ADaemonDiesWithTheSession(@TempDir Path directory) throws Exception {
    try (TestSandbox daemons = new TestSandbox(directory)) {
      daemons.output(
          "for i in 1 2 3; do (setsid setsid sleep 10987 </dev/null >/dev/null 2>&1 &); done");
      Awaitility.await().until(() -> ShellSessionTest.hostProcesses("10987") == 3);
    }
    assertThat(ShellSessionTest.hostProcesses("10987")).isZero();
  }

  @Test
  void attack20ThereIsNoNetworkNotEvenTheHostsLoopback() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(listener.getLocalPort());
      assertThat(sandbox.run("exec 3<>/dev/tcp/127.0.0.1/" + port).exitCode()).isNotZero();
      assertThat(sandbox.run("exec 3<>/dev/tcp/169.254.169.254/80").exitCode()).isNotZero();
      assertThat(sandbox.run("exec 3<>/dev/tcp/1.1.1.1/53").exitCode()).isNotZero();
      assertThat(sandbox.output("cat /proc/net/route | wc -l").strip()).isEqualTo("1");
      listener.setSoTimeout(1);
      org.assertj.core.api.Assertions.assertThatThrownBy(listener::accept)
          .isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  @Test
  void groupsAreRemovedAtClose(@TempDir Path directory) throws Exception {
    long before = groups();
    try (TestSandbox grouped = new TestSandbox(directory)) {
      grouped.output("true");
      assertThat(grouped.sandboxes.status().limiter() == Limiter.PRLIMIT || groups() > before)
          .isTrue();
    }
    assertThat(groups()).isEqualTo(before);
  }

  private static long groups() throws IOException {
    Path parent = Path.of("/sys/fs/cgroup/memory/mainstay");
    if (!Files.isDirectory(parent)) {
      return 0;
    }
    try (var groups = Files.list(parent)) {
      return groups
          .filter(group -> String.valueOf(group.getFileName()).startsWith(ServerProcess.SELF))
          .count();
    }
  }
}
