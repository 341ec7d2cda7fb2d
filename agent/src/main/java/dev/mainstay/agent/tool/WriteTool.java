package dev.mainstay.agent.tool;

import java.nio.charset.StandardCharsets;

final class WriteTool extends FileChangeTool {
  static final int MAX_BYTES = 10 * 1024 * 1024;

  private final WorkspaceFiles files;

  WriteTool(WorkspaceFiles files) {
    super(
        files,
        "write",
        """
        Writes a whole file of the workspace, replacing it if it exists and making missing \
        directories. The content is written exactly as given. To change part of a file, use edit.
        """,
        new Schema()
            .string("file_path", "File to write: relative to the workspace, or below /workspace")
            .string("content", "The complete new content of the file")
            .required("file_path", "content"));
    this.files = files;
  }

  @Override
  Change plan(ToolInput input, WorkspacePath path) throws ToolFailure {
    byte[] content = input.string("content").getBytes(StandardCharsets.UTF_8);
    if (content.length > MAX_BYTES) {
      throw new ToolFailure("The content is larger than 10 MiB.");
    }
    String done = files.exists(path) ? "Replaced " : "Created ";
    return new Change(
        path, content, done + path + " (" + Text.plural(content.length, "byte") + ").");
  }
}
