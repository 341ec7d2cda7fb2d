package dev.mainstay.agent.tool;

import dev.mainstay.agent.sandbox.ShellSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tools that every task has; names and inputs are part of the public contract. */
public final class BuiltInTools {
  private BuiltInTools() {}

  /**
   * Tools on one workspace, in a fixed order, as a model's prompt cache depends on it.
   *
   * @param shell the task's shell; without one there is no {@code bash}
   */
  public static List<Tool> create(WorkspaceFiles files, Optional<ShellSession> shell) {
    List<Tool> tools = new ArrayList<>();
    shell.map(BashTool::new).ifPresent(tools::add);
    tools.add(new ReadTool(files));
    tools.add(new WriteTool(files));
    tools.add(new EditTool(files));
    tools.add(new GlobTool(files));
    tools.add(new GrepTool(files));
    tools.add(new TodoTool());
    return List.copyOf(tools);
  }
}
