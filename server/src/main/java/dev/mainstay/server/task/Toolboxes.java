package dev.mainstay.server.task;

import dev.mainstay.agent.tool.Tool;
import java.nio.file.Path;
import java.util.List;

/** Makes the tools of one run. */
public interface Toolboxes {

  /** Opens the tools for a working tree; closing them ends every process they started. */
  Toolbox open(String taskId, Path tree) throws InterruptedException;

  /** A sentence for people if commands cannot run here, empty if they can. */
  String limitation();

  /** The open tools of one run. */
  interface Toolbox extends AutoCloseable {
    List<Tool> tools();

    @Override
    void close();
  }
}
