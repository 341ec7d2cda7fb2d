package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SandboxProbeTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      textBlock =
          """
          bwrap: Unknown option --disable-userns                 | 0 | 1000 | 1 | too old
          bwrap: setting up uid map: Permission denied           | 1 | 1000 | 1 | AppArmor
          bwrap: No permissions to create new namespace          | 0 | 0    | 1 | max_user_namespaces
          bwrap: No permissions to create a new namespace        | 0 | 1000 | 0 | unprivileged_userns_clone
          bwrap: Creating new namespace failed: not permitted    | 0 | 1000 | 1 | container
          bwrap: Can't mount proc on /newroot/proc: not permitted| 0 | 1000 | 1 | container
          bwrap: execvp /run/driver: Exec format error           | 0 | 1000 | 1 | does not work here
          """)
  void everyReasonIsASentence(
      String said, String apparmor, String maximum, String debian, String wanted) {
    String sentence = SandboxProbe.explain(said + "\nmore", apparmor, maximum, debian);

    assertThat(sentence).contains(wanted).endsWith(".").hasLineCount(1);
  }

  @Test
  void theProbeReallyRan(@TempDir Path directory) throws InterruptedException {
    try (Sandboxes sandboxes =
        Sandboxes.open(SandboxMode.AUTO, SandboxLimits.defaults(), directory)) {
      assertThat(sandboxes.status().detail()).startsWith("Commands run in bubblewrap");
      assertThat(sandboxes.status().isolated()).isTrue();
    }
    try (Sandboxes off = Sandboxes.open(SandboxMode.OFF, SandboxLimits.defaults(), directory)) {
      assertThat(off.status().isolated()).isFalse();
      assertThat(off.status().detail()).contains("without a sandbox");
    }
  }

  /** An imitation of a delegated subtree: the kernel's own files cannot be had everywhere. */
  @Test
  void aDelegatedSubtreeOfVersionTwoIsUsed(@TempDir Path mount) throws IOException {
    Path own = Files.createDirectories(mount.resolve("system.slice/mainstay.service"));
    Files.writeString(mount.resolve("cgroup.controllers"), "cpu hugetlb\n");
    Files.writeString(own.resolve("cgroup.controllers"), "cpu memory pids\n");
    Cgroups cgroups =
        Cgroups.detect(
            List.of("31 24 0:26 / " + mount + " rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"),
            List.of("0::/system.slice/mainstay.service"));

    assertThat(cgroups.limiter()).isEqualTo(Limiter.CGROUP_V2);
    assertThat(own.resolve("cgroup.subtree_control")).hasContent("+memory +pids");
    Cgroup cgroup = cgroups.create(TestSandbox.limits()).orElseThrow();
    assertThat(cgroup.directories()).hasSize(1);
    assertThat(cgroup.directories().getFirst().resolve("memory.max"))
        .hasContent(Long.toString(256 * TestSandbox.MIB));
    assertThat(cgroup.directories().getFirst().resolve("pids.max")).hasContent("80");
  }

  @Test
  void withoutAWritableGroupResourceLimitsRemain() throws IOException {
    Cgroups cgroups =
        Cgroups.detect(
            List.of("31 24 0:26 / /nonexistent rw - cgroup2 cgroup2 rw"), List.of("0::/x"));

    assertThat(cgroups.limiter()).isEqualTo(Limiter.PRLIMIT);
    assertThat(cgroups.create(TestSandbox.limits())).isEmpty();
  }
}
