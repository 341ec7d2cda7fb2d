package dev.mainstay.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mainstay.agent.sandbox.TestSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class BuiltInToolsTest extends ToolTestBase {

  @Test
  void namesInputsAndReadOnlyMarksAreTheContract(@TempDir Path other) throws Exception {
    try (TestSandbox sandbox = new TestSandbox(other)) {
      List<String> contract =
          BuiltInTools.create(files, Optional.of(sandbox.shell)).stream()
              .map(Tool::spec)
              .map(spec -> spec.name() + fields(spec) + (spec.readOnly() ? " read-only" : ""))
              .toList();

      assertThat(contract)
          .containsExactly(
              "bash[command, timeout][\"command\"]",
              "read[file_path, offset, limit][\"file_path\"] read-only",
              "write[file_path, content][\"file_path\",\"content\"]",
              "edit[file_path, old_string, new_string, replace_all]"
                  + "[\"file_path\",\"old_string\",\"new_string\"]",
              "glob[pattern, path][\"pattern\"] read-only",
              "grep[pattern, path, glob, output_mode, head_limit][\"pattern\"] read-only",
              "todo[todos][\"todos\"]");
    }
    assertThat(BuiltInTools.create(files, Optional.empty()))
        .noneMatch(tool -> tool.spec().name().equals("bash"))
        .allMatch(tool -> tool.spec().description().length() > 80);
  }

  private static String fields(ToolSpec spec) {
    JsonNode schema = spec.inputSchema();
    assertThat(schema.path("type").asText()).isEqualTo("object");
    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    return schema.path("properties").properties().stream().map(java.util.Map.Entry::getKey).toList()
        + schema.path("required").toString();
  }

  @Test
  void wrongInputIsAnsweredWithASentence() throws Exception {
    assertThat(refused("read", "[]")).contains("JSON object");
    assertThat(refused("read", "{}")).contains("'file_path' is required");
    assertThat(refused("read", "{'file_path':1}")).contains("string");
    assertThat(refused("read", "{'file_path':'a','lines':1}")).contains("no parameter 'lines'");
    assertThat(refused("read", "{'file_path':'a','offset':0}")).contains("whole number");
    assertThat(refused("read", "{'file_path':'a','limit':2.5}")).contains("whole number");
    assertThat(refused("read", "{'file_path':'a','limit':'2'}")).contains("whole number");
    assertThat(refused("grep", "{'pattern':'a','output_mode':'x'}")).contains("one of");
    assertThat(
            refused("edit", "{'file_path':'a','old_string':'a','new_string':'b','replace_all':1}"))
        .contains("true or false");
  }

  @Test
  void readNumbersLinesAndPages() throws Exception {
    file("three", "one\ntwo\r\nthree");
    file("empty", "");
    file("many", "line\n".repeat(5000));

    assertThat(ok("read", "{'file_path':'three'}"))
        .isEqualTo("     1\tone\n     2\ttwo\n     3\tthree\n");
    assertThat(ok("read", "{'file_path':'three','offset':2,'limit':1}"))
        .isEqualTo("     2\ttwo\n[the file goes on: continue with offset 3]\n");
    assertThat(ok("read", "{'file_path':'three','offset':3,'limit':1.0}"))
        .isEqualTo("     3\tthree\n");
    assertThat(refused("read", "{'file_path':'three','offset':9}")).contains("only 3 lines");
    assertThat(ok("read", "{'file_path':'empty'}")).contains("empty");
    assertThat(ok("read", "{'file_path':'many'}")).contains("continue with offset 2001");
    assertThat(refused("read", "{'file_path':'absent'}")).isEqualTo("'absent' does not exist.");
    assertThat(refused("read", "{'file_path':'.'}")).contains("directory");
  }

  @Test
  void readIsBoundedOnAHugeFile() throws Exception {
    Path huge = file("huge", "x\n");
    try (var channel = Files.newByteChannel(huge, java.nio.file.StandardOpenOption.WRITE)) {
      channel.position(9_000L * 1024 * 1024 * 1024 / 1000);
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {1}));
    }
    assertThat(refused("read", "{'file_path':'huge'}")).contains("binary");
    file("wide", "y".repeat(9000) + "\n" + "x".repeat((int) ReadTool.MAX_BYTES));
    assertThat(refused("read", "{'file_path':'wide','offset':3}")).contains("too large");
  }

  @Test
  void editReplacesExactlyAndHelpsWhenItCannot() throws Exception {
    Path code = file("code", "a = 1\n\tb = 2\na = 1\n");
    assertThat(refused("edit", "{'file_path':'code','old_string':'a = 1','new_string':'a = 3'}"))
        .contains("2 times", "lines 1, 3", "replace_all");
    assertThat(refused("edit", "{'file_path':'code','old_string':'  b = 2','new_string':'c'}"))
        .contains("white space", "line 2");
    assertThat(refused("edit", "{'file_path':'code','old_string':'zzz','new_string':'c'}"))
        .contains("does not occur");
    assertThat(refused("edit", "{'file_path':'code','old_string':'','new_string':'c'}"))
        .contains("use write");
    assertThat(refused("edit", "{'file_path':'code','old_string':'c','new_string':'c'}"))
        .contains("the same");
    assertThat(ok("edit", "{'file_path':'code','old_string':'\\tb = 2\\n','new_string':''}"))
        .contains("1 occurrence", "line 2");
    assertThat(
            ok(
                "edit",
                "{'file_path':'code','old_string':'a','new_string':'$1','replace_all':true}"))
        .contains("2 occurrences");
    assertThat(code).hasContent("$1 = 1\n$1 = 1\n");
  }

  @Test
  void editKeepsWindowsLineEndsAndForeignBytes() throws Exception {
    Path file = workspace.resolve("dos");
    Files.write(file, new byte[] {'a', '\r', '\n', 'b', '\r', '\n', (byte) 0xff});
    ok("edit", "{'file_path':'dos','old_string':'a\\nb','new_string':'c\\nd'}");

    assertThat(Files.readAllBytes(file))
        .isEqualTo(new byte[] {'c', '\r', '\n', 'd', '\r', '\n', (byte) 0xff});
  }

  @Test
  void globFindsNewestFirstAndIsCapped() throws Exception {
    for (String name : List.of("a.java", "src/b.java", "src/deep/c.java", "d.txt", ".git/x.java")) {
      Files.setLastModifiedTime(file(name, ""), FileTime.fromMillis(1_000_000L + name.length()));
    }
    assertThat(ok("glob", "{'pattern':'**/*.java'}"))
        .isEqualTo("src/deep/c.java\nsrc/b.java\na.java\n");
    assertThat(ok("glob", "{'pattern':'*.{java,txt}'}")).isEqualTo("a.java\nd.txt\n");
    assertThat(ok("glob", "{'pattern':'**/[bc].java','path':'src'}"))
        .isEqualTo("src/deep/c.java\nsrc/b.java\n");
    assertThat(ok("glob", "{'pattern':'?.md'}")).isEqualTo("No file matches.\n");
    assertThat(refused("glob", "{'pattern':'{a'}")).contains("without '}'");
    assertThat(refused("glob", "{'pattern':'[a'}")).contains("without ']'");
    for (int i = 0; i < 250; i++) {
      file("many/" + i, "");
    }
    assertThat(ok("glob", "{'pattern':'many/*'}")).hasLineCount(201).contains("[50 more");
  }

  @Test
  void grepShowsFilesLinesOrCounts() throws Exception {
    file("a.txt", "needle\nhay\nNeedle needle\n");
    file("src/b.java", "  needle();\n");
    Files.write(
        workspace.resolve("bin"), "\0needle".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(ok("grep", "{'pattern':'needle'}").lines())
        .containsExactlyInAnyOrder("a.txt", "src/b.java");
    assertThat(ok("grep", "{'pattern':'(?i)^needle','output_mode':'content'}"))
        .isEqualTo("a.txt:1:needle\na.txt:3:Needle needle\n");
    assertThat(ok("grep", "{'pattern':'needle','output_mode':'count','glob':'*.txt'}"))
        .isEqualTo("a.txt:2\n");
    assertThat(ok("grep", "{'pattern':'needle','glob':'src/**'}")).isEqualTo("src/b.java\n");
    assertThat(
            ok(
                "grep",
                "{'pattern':'needle','path':'a.txt','output_mode':'content','head_limit':1}"))
        .isEqualTo("a.txt:1:needle\n[there is more; narrow the search or raise head_limit]\n");
    assertThat(refused("grep", "{'pattern':'('}")).contains("not a valid");
  }

  @Test
  void attack21ARunawayPatternEndsInTime() throws Exception {
    file("aaa", "a".repeat(5000) + "b\n");
    file("stack", "ab".repeat(10_000) + "\n");

    assertThat(ok("grep", "{'pattern':'(.*a){12}c','path':'aaa'}")).contains("limit of time");
    assertThat(call("grep", "{'pattern':'(a|b)*c','path':'stack'}").text()).isNotEmpty();
    assertThat(ok("glob", "{'pattern':'" + "*a".repeat(30) + "b'}")).contains("No file");
  }

  @Test
  void anInterruptEndsARunawaySearch() throws Exception {
    file("aaa", "a".repeat(5000) + "b\n");
    var thrown = new java.util.concurrent.CompletableFuture<Throwable>();
    Thread searcher =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    ok("grep", "{'pattern':'(.*a){12}c'}");
                    thrown.complete(new AssertionError("it ended by itself"));
                  } catch (Throwable e) {
                    thrown.complete(e);
                  }
                });
    searcher.interrupt();

    assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void todoChecksAndEchoes() throws Exception {
    assertThat(
            ok(
                "todo",
                "{'todos':[{'content':'a','status':'completed'},{'content':'b','status':'in_progress'},"
                    + "{'content':'c\\u001b','status':'pending'}]}"))
        .isEqualTo("[x] a\n[>] b\n[ ] c\u241b\n");
    assertThat(refused("todo", "{'todos':[{'content':'a','status':'done'}]}")).contains("one of");
    assertThat(refused("todo", "{'todos':[{'content':' ','status':'pending'}]}"))
        .contains("content");
    assertThat(refused("todo", "{'todos':'a'}")).contains("list");
    assertThat(refused("todo", "{'todos':['a']}")).contains("JSON object");
  }

  @Test
  void bashAnswersInWords(@TempDir Path other) throws Exception {
    ObjectMapper json = new ObjectMapper();
    try (TestSandbox sandbox = new TestSandbox(other)) {
      Tool bash = BuiltInTools.create(files, Optional.of(sandbox.shell)).getFirst();
      assertThat(bash.run(json.createObjectNode().put("command", "echo hi"), chunk -> {}))
          .isEqualTo(Tool.Output.ok("hi\n"));
      assertThat(bash.run(json.createObjectNode().put("command", "true"), chunk -> {}))
          .isEqualTo(Tool.Output.ok("(no output)"));
      assertThat(bash.run(json.createObjectNode().put("command", "printf x; exit 3"), chunk -> {}))
          .isEqualTo(Tool.Output.error("x\n[exit code 3]"));
      Tool.Output late =
          bash.run(
              json.createObjectNode().put("command", "sleep 9876").put("timeout", 200),
              chunk -> {});
      assertThat(late.isError()).isTrue();
      assertThat(late.text()).contains("killed after 200 ms", "fresh shell");
      assertThat(bash.run(json.createObjectNode().put("command", " "), chunk -> {}).isError())
          .isTrue();
      assertThat(
              bash.run(
                      json.createObjectNode().put("command", "x").put("timeout", 600_001),
                      chunk -> {})
                  .text())
          .contains("600000");
      assertThat(
              bash.run(json.createObjectNode().put("command", "x".repeat(60_001)), chunk -> {})
                  .text())
          .contains("longer than");
    }
  }
}
