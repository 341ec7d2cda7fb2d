package dev.mainstay.server.task;

import dev.mainstay.agent.sandbox.HostUser;
import dev.mainstay.agent.sandbox.SandboxStatus;
import dev.mainstay.agent.sandbox.Sandboxes;
import dev.mainstay.agent.sandbox.ShellSession;
import dev.mainstay.agent.sandbox.ShellSpec;
import dev.mainstay.agent.tool.BuiltInTools;
import dev.mainstay.agent.tool.Tool;
import dev.mainstay.agent.tool.WorkspaceFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The built-in tools: files through the server, commands through one sandboxed shell per run. */
public final class SandboxToolboxes implements Toolboxes {
  private final Sandboxes sandboxes;

  public SandboxToolboxes(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  @Override
  public String limitation() {
    SandboxStatus status = sandboxes.status();
    return status.shellAvailable() && status.isolated() ? "" : status.detail();
  }

  @Override
  public Toolbox open(String taskId, Path tree) throws InterruptedException {
    int user = HostUser.forTask(taskId);
    try {
      HostUser.own(tree, user);
    } catch (IOException e) {
      throw new UncheckedIOException("the workspace cannot be given to its user", e);
    }
    WorkspaceFiles files = WorkspaceFiles.open(tree, user);
    try {
      Optional<ShellSession> shell =
          sandboxes.status().shellAvailable()
              ? Optional.of(sandboxes.openShell(ShellSpec.of(tree, user)))
              : Optional.empty();
      return new Open(files, shell, BuiltInTools.create(files, shell));
    } catch (InterruptedException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** The shell goes first: what it started may still hold files. */
  private record Open(WorkspaceFiles files, Optional<ShellSession> shell, List<Tool> tools)
      implements Toolbox {

    @Override
    public void close() {
      shell.ifPresent(ShellSession::close);
      files.close();
    }
  }
}
