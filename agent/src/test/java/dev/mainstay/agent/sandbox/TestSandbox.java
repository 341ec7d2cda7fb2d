package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real sandbox with a workspace and tight limits; without bubblewrap its making fails. */
public final class TestSandbox implements AutoCloseable {
  public static final long MIB = 1024L * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  public final Path workspace;
  public final int uid = HostUser.forTask("test");
  public final Sandboxes sandboxes;
  public final ShellSession shell;

  public TestSandbox(Path directory) throws InterruptedException {
    this(directory, SandboxMode.AUTO, limits());
  }

  public TestSandbox(Path directory, SandboxMode mode, SandboxLimits limits)
      throws InterruptedException {
    try {
      workspace = Files.createDirectories(directory.resolve("workspace")).toRealPath();
      HostUser.own(workspace, uid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sandboxes = Sandboxes.open(mode, limits, directory.resolve("runtime"));
    assertThat(sandboxes.status().shellAvailable()).as(sandboxes.status().detail()).isTrue();
    assertThat(sandboxes.status().isolated()).isEqualTo(mode == SandboxMode.AUTO);
    shell = sandboxes.openShell(ShellSpec.of(workspace, uid));
  }

  /** 256 MiB of memory, 64 processes, 16 MiB files and temporary space, no disk reserve. */
  public static SandboxLimits limits() {
    return new SandboxLimits(
        256 * MIB, Duration.ofSeconds(30), 64, 16 * MIB, 256, 16 * MIB, 30_000, 0);
  }

  public CommandResult run(String command) throws InterruptedException {
    return shell.run(command, TIMEOUT, chunk -> {});
  }

  public String output(String command) throws InterruptedException {
    CommandResult result = run(command);
    assertThat(result.ending()).isEqualTo(CommandResult.Ending.EXITED);
    return result.output();
  }

  @Override
  public void close() {
    sandboxes.close();
  }
}
