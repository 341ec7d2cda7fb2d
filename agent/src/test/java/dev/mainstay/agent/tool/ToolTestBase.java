package dev.mainstay.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.agent.sandbox.HostUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tools on real files, called as a model calls them. */
abstract class ToolTestBase {
  static final ObjectMapper JSON = new ObjectMapper();
  static final int UID = HostUser.forTask("tools");

  @TempDir Path directory;
  Path workspace;
  WorkspaceFiles files;

  @BeforeEach
  void openWorkspace() throws IOException {
    workspace = Files.createDirectory(directory.resolve("workspace"));
    HostUser.own(workspace, UID);
    files = WorkspaceFiles.open(workspace, UID);
  }

  @AfterEach
  void closeWorkspace() {
    files.close();
  }

  Tool.Output call(String name, String input) throws InterruptedException {
    try {
      return tool(name).run(JSON.readTree(input.replace('\'', '"')), chunk -> {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Tool tool(String name) {
    return BuiltInTools.create(files, Optional.empty()).stream()
        .filter(candidate -> candidate.spec().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  String ok(String name, String input) throws InterruptedException {
    Tool.Output output = call(name, input);
    assertThat(output.isError()).as(output.text()).isFalse();
    return output.text();
  }

  String refused(String name, String input) throws InterruptedException {
    Tool.Output output = call(name, input);
    assertThat(output.isError()).as(output.text()).isTrue();
    return output.text();
  }

  Path file(String name, String content) throws IOException {
    Path file = workspace.resolve(name);
    Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, content);
  }
}
