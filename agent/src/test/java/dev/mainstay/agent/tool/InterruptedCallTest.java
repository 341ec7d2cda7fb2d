package dev.mainstay.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.agent.sandbox.TestSandbox;
import dev.mainstay.agent.tool.Tool.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What became of a call that was under way when its process died, as the workspace tells it. */
final class InterruptedCallTest extends ToolTestBase {

  static Stream<Arguments> calls() {
    return Stream.of(
        Arguments.of("write", "{'file_path':'new.txt','content':'text\\n'}"),
        Arguments.of("write", "{'file_path':'new.txt','content':''}"),
        Arguments.of("write", "{'file_path':'deep/er/new.txt','content':'ünï\\u2028'}"),
        Arguments.of("write", "{'file_path':'old.txt','content':'replaced'}"),
        Arguments.of("write", "{'file_path':'/workspace/./old.txt','content':'replaced'}"),
        Arguments.of("edit", "{'file_path':'old.txt','old_string':'one','new_string':'two'}"),
        Arguments.of("edit", "{'file_path':'old.txt','old_string':'one','new_string':'one one'}"),
        Arguments.of(
            "edit",
            "{'file_path':'old.txt','old_string':'e','new_string':'ee','replace_all':true}"),
        Arguments.of("edit", "{'file_path':'old.txt','old_string':'one\\n','new_string':''}"));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aFileToolIsDecidedFromTheFile(String name, String text) throws Exception {
    file("old.txt", "one\nthe other\n");
    Tool tool = tool(name);
    JsonNode input = input(text);
    String checkpoint = tool.checkpoint(input).orElseThrow();

    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.NotDone());
    Tool.Output output = tool.run(input, chunk -> {});
    assertThat(output.isError()).as(output.text()).isFalse();
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.Done(output));
    Path changed = workspace.resolve(name.equals("edit") ? "old.txt" : path(input));
    Files.writeString(changed, "somebody else's");
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.Unknown());
    Files.delete(changed);
    Files.createDirectory(changed);
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.Unknown());
  }

  private static String path(JsonNode input) {
    return input.path("file_path").asText().replace("/workspace/", "");
  }

  static Stream<Arguments> refusedCalls() {
    return Stream.of(
        Arguments.of("write", "{}"),
        Arguments.of("write", "{'file_path':'../out','content':''}"),
        Arguments.of("write", "{'file_path':'.git/config','content':'x'}"),
        Arguments.of("write", "{'file_path':'directory','content':'x'}"),
        Arguments.of("write", "{'file_path':'link','content':'x'}"),
        Arguments.of("write", "{'file_path':'old.txt/below','content':'x'}"),
        Arguments.of("edit", "{'file_path':'old.txt','old_string':'none','new_string':'x'}"),
        Arguments.of("edit", "{'file_path':'absent','old_string':'none','new_string':'x'}"),
        Arguments.of("edit", "{'file_path':'directory','old_string':'none','new_string':'x'}"),
        Arguments.of("edit", "{'file_path':'link','old_string':'one','new_string':'x'}"),
        Arguments.of("edit", "{'file_path':'old.txt','old_string':'one','new_string':'one'}"));
  }

  @ParameterizedTest
  @MethodSource("refusedCalls")
  void whatIsRefusedRunsAgainAndIsRefusedAgain(String name, String text) throws Exception {
    file("old.txt", "one\nthe other\n");
    Files.createDirectory(workspace.resolve("directory"));
    Files.createSymbolicLink(workspace.resolve("link"), Path.of("old.txt"));
    Tool tool = tool(name);
    JsonNode input = input(text);
    String checkpoint = tool.checkpoint(input).orElseThrow();
    assertThat(tool.run(input, chunk -> {}).isError()).isTrue();
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.NotDone());
    assertThat(workspace.resolve("old.txt")).hasContent("one\nthe other\n");
  }

  @Test
  void aFileThatIsTooLargeForTheToolsIsToldFromAnother() throws Exception {
    Path large = file("large", "x".repeat(WriteTool.MAX_BYTES + 7));
    Tool tool = tool("write");
    JsonNode input = input("{'file_path':'large','content':'small'}");
    String checkpoint = tool.checkpoint(input).orElseThrow();
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.NotDone());
    Files.writeString(large, "x".repeat(WriteTool.MAX_BYTES + 8));
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.Unknown());
    Tool.Output output = tool.run(input, chunk -> {});
    assertThat(tool.recover(input, checkpoint)).isEqualTo(new Recovery.Done(output));
  }

  @Test
  void aListRunsAgainAndACommandStaysUnknown(@TempDir Path other) throws Exception {
    JsonNode list = input("{'todos':[{'content':'a','status':'pending'}]}");
    Tool todo = tool("todo");
    assertThat(todo.recover(list, todo.checkpoint(list).orElseThrow()))
        .isEqualTo(new Recovery.NotDone());
    try (TestSandbox sandbox = new TestSandbox(other)) {
      Tool bash = BuiltInTools.create(files, Optional.of(sandbox.shell)).getFirst();
      assertThat(bash.spec().name()).isEqualTo("bash");
      assertThat(bash.checkpoint(input("{'command':'true'}"))).isEmpty();
    }
  }

  @Test
  void everyToolThatChangesSomethingButBashCanBeDecided() {
    List<String> undecided =
        BuiltInTools.create(files, Optional.empty()).stream()
            .filter(tool -> !tool.spec().readOnly())
            .filter(tool -> tool.checkpoint(JSON.createObjectNode()).isEmpty())
            .map(tool -> tool.spec().name())
            .toList();
    assertThat(undecided).isEmpty();
  }

  private static JsonNode input(String text) throws IOException {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
