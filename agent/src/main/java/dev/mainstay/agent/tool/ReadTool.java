package dev.mainstay.agent.tool;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

final class ReadTool extends BuiltInTool {
  static final int MAX_LINES = 2000;
  static final int MAX_LINE_CHARS = 2000;
  static final int MAX_OUTPUT_CHARS = 60_000;

  /** How far into a file it looks for the lines that were asked for. */
  static final long MAX_BYTES = 64L * 1024 * 1024;

  private static final int SAMPLE = 8192;

  private final WorkspaceFiles files;

  ReadTool(WorkspaceFiles files) {
    super(
        "read",
        true,
        """
        Reads a text file of the workspace. Each line comes back with its number and a tab in front, \
        which are not part of the file. Up to 2000 lines are returned from the start unless offset \
        and limit say otherwise; lines longer than 2000 characters are cut. Binary files, \
        directories and symbolic links are refused: list directories with glob or bash.
        """,
        new Schema()
            .string("file_path", "File to read: relative to the workspace, or below /workspace")
            .integer("offset", 1, Integer.MAX_VALUE, "First line to return; lines count from 1")
            .integer("limit", 1, MAX_LINES, "How many lines to return at most")
            .required("file_path"));
    this.files = files;
  }

  @Override
  Output run(ToolInput input, Consumer<String> live) throws ToolFailure, InterruptedException {
    WorkspacePath path = files.resolve(input.string("file_path"));
    int offset = input.integer("offset", 1, 1, Integer.MAX_VALUE);
    int limit = input.integer("limit", MAX_LINES, 1, MAX_LINES);
    try (BufferedInputStream in = new BufferedInputStream(files.read(path), SAMPLE)) {
      in.mark(SAMPLE);
      byte[] sample = in.readNBytes(SAMPLE - 1);
      if (sample.length == 0) {
        return Output.ok("(the file is empty)");
      }
      if (Text.isBinary(sample, sample.length)) {
        throw new ToolFailure("'" + path + "' is a binary file.");
      }
      in.reset();
      return Output.ok(lines(in, path, offset, limit));
    } catch (IOException e) {
      throw WorkspaceFiles.failure(e, path.toString());
    }
  }

  private static String lines(InputStream in, WorkspacePath path, int offset, int limit)
      throws IOException, ToolFailure, InterruptedException {
    Lines lines = new Lines(in);
    StringBuilder out = new StringBuilder();
    int number = 0;
    while (lines.next()) {
      number++;
      if (number < offset) {
        continue;
      }
      if (number - offset >= limit || out.length() > MAX_OUTPUT_CHARS) {
        return out.append("[the file goes on: continue with offset ").append(number) + "]\n";
      }
      out.append(String.format(Locale.ROOT, "%6d\t%s\n", number, lines.text()));
    }
    if (lines.isCapped()) {
      throw new ToolFailure(
          "'" + path + "' is too large to read that far; use grep, or head and tail in bash.");
    }
    if (out.isEmpty()) {
      throw new ToolFailure("The file has only " + Text.plural(number, "line") + ".");
    }
    return out.toString();
  }

  /** Splits a stream into lines, holding no more of each than can be shown. */
  private static final class Lines {
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long total;
    private boolean cut;

    Lines(InputStream in) {
      this.in = in;
    }

    boolean isCapped() {
      return total >= MAX_BYTES;
    }

    boolean next() throws IOException, InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      line.reset();
      cut = false;
      boolean any = false;
      while (!isCapped()) {
        int b = in.read();
        if (b < 0) {
          return any;
        }
        any = true;
        total++;
        if (b == '\n') {
          return true;
        }
        if (line.size() < MAX_LINE_CHARS * 4) {
          line.write(b);
        } else {
          cut = true;
        }
      }
      return false;
    }

    String text() {
      byte[] bytes = line.toByteArray();
      int length = bytes.length;
      if (!cut && length > 0 && bytes[length - 1] == '\r') {
        length--;
      }
      String text = new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
      String shown = Text.cut(text, MAX_LINE_CHARS);
      boolean shortened = cut || shown.length() < text.length();
      return Text.visible(shown) + (shortened ? " [line cut]" : "");
    }
  }
}
