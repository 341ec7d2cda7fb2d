package dev.mainstay.agent.tool;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

final class WriteTool extends BuiltInTool {
  static final int MAX_BYTES = 10 * 1024 * 1024;

  private final WorkspaceFiles files;

  WriteTool(WorkspaceFiles files) {
    super(
        "write",
        false,
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
  Output run(ToolInput input, Consumer<String> live) throws ToolFailure {
    WorkspacePath path = files.resolve(input.string("file_path"));
    byte[] content = input.string("content").getBytes(StandardCharsets.UTF_8);
    if (content.length > MAX_BYTES) {
      throw new ToolFailure("The content is larger than 10 MiB.");
    }
    boolean created = files.write(path, content);
    return Output.ok(
        (created ? "Created " : "Replaced ")
            + path
            + " ("
            + Text.plural(content.length, "byte")
            + ").");
  }
}
