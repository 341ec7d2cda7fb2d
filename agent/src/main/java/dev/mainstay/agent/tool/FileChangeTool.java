package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A tool that changes one file in one step. Its checkpoint holds the file's state before the call
 * and the one that the call leads to, so that after a crash the file itself tells whether the call
 * happened.
 */
abstract class FileChangeTool extends BuiltInTool {
  private static final String NOTHING = "";

  private final WorkspaceFiles files;

  FileChangeTool(WorkspaceFiles files, String name, String description, ObjectNode schema) {
    super(name, false, description, schema);
    this.files = files;
  }

  /**
   * What a call does to its file.
   *
   * @param content of the whole file afterwards
   * @param output what the model is told when the file is written
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Change(WorkspacePath path, byte[] content, String output) {}

  /** Finds the change out, and changes nothing. */
  abstract Change plan(ToolInput input, WorkspacePath path) throws ToolFailure;

  @Override
  final Output run(ToolInput input, Consumer<String> live) throws ToolFailure {
    Change change = plan(input, path(input));
    boolean unused = files.write(change.path(), change.content());
    return Output.ok(change.output());
  }

  private WorkspacePath path(ToolInput input) throws ToolFailure {
    return files.resolve(input.string("file_path"));
  }

  @Override
  public final Optional<String> checkpoint(JsonNode call) {
    WorkspacePath path;
    ToolInput input;
    try {
      input = input(call);
      path = path(input);
    } catch (ToolFailure refused) {
      return Optional.of(NOTHING);
    }
    String before = FileState.of(files, path);
    try {
      Change change = plan(input, path);
      return Optional.of(
          String.join("\n", before, FileState.of(change.content()), change.output()));
    } catch (ToolFailure refused) {
      return Optional.of(before);
    }
  }

  @Override
  public final Recovery recover(JsonNode call, String checkpoint) {
    if (checkpoint.equals(NOTHING)) {
      return new Recovery.NotDone();
    }
    String now;
    try {
      now = FileState.of(files, path(input(call)));
    } catch (ToolFailure refused) {
      return new Recovery.Unknown();
    }
    String[] states = checkpoint.split("\n", 3);
    if (states.length == 3 && now.equals(states[1])) {
      return new Recovery.Done(Output.ok(states[2]));
    }
    return now.equals(states[0]) ? new Recovery.NotDone() : new Recovery.Unknown();
  }
}
