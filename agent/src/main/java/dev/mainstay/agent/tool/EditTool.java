package dev.mainstay.agent.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Works on bytes, so that what is not valid UTF-8 elsewhere in the file stays as it is. */
final class EditTool extends FileChangeTool {
  private static final int MAX_BYTES = WriteTool.MAX_BYTES;
  private static final int LINES_NAMED = 10;

  private final WorkspaceFiles files;

  EditTool(WorkspaceFiles files) {
    super(
        files,
        "edit",
        """
        Replaces text in a file of the workspace. old_string must be exactly what the file contains, \
        with its indentation and without the line numbers that read shows, and must occur exactly \
        once unless replace_all is true: add lines around it to make it unique.
        """,
        new Schema()
            .string("file_path", "File to change: relative to the workspace, or below /workspace")
            .string("old_string", "The exact text to replace")
            .string("new_string", "The text that takes its place; empty to delete")
            .flag("replace_all", "Replace every occurrence instead of the only one")
            .required("file_path", "old_string", "new_string"));
    this.files = files;
  }

  @Override
  Change plan(ToolInput input, WorkspacePath path) throws ToolFailure {
    String oldText = input.string("old_string");
    String newText = input.string("new_string");
    boolean all = input.flag("replace_all");
    if (oldText.isEmpty()) {
      throw new ToolFailure("'old_string' is empty; to create a file, use write.");
    }
    if (oldText.equals(newText)) {
      throw new ToolFailure("'old_string' and 'new_string' are the same.");
    }
    byte[] content = content(path);
    byte[] before = bytes(oldText);
    byte[] after = bytes(newText);
    List<Integer> found = occurrences(content, before);
    if (found.isEmpty() && indexOf(content, bytes("\r\n"), 0) >= 0) {
      // read shows a file with Windows line ends without them, so the model cannot know.
      before = bytes(windows(oldText));
      after = bytes(windows(newText));
      found = occurrences(content, before);
    }
    if (found.isEmpty()) {
      throw new ToolFailure(notFound(path, content, oldText));
    }
    if (found.size() > 1 && !all) {
      throw new ToolFailure(
          "'old_string' occurs "
              + found.size()
              + " times in "
              + path
              + " (lines "
              + lines(content, found)
              + "): add lines around it to make it unique, or set replace_all.");
    }
    byte[] changed = replace(content, found, before.length, after);
    if (changed.length > MAX_BYTES) {
      throw new ToolFailure("The file would grow beyond 10 MiB.");
    }
    return new Change(
        path,
        changed,
        "Replaced "
            + Text.plural(found.size(), "occurrence")
            + " in "
            + path
            + " (line "
            + lines(content, found)
            + ").");
  }

  private byte[] content(WorkspacePath path) throws ToolFailure {
    try (InputStream in = files.read(path)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new ToolFailure("'" + path + "' is larger than 10 MiB; change it with bash.");
      }
      return content;
    } catch (IOException e) {
      throw WorkspaceFiles.failure(e, path.toString());
    }
  }

  private static String notFound(WorkspacePath path, byte[] content, String oldText) {
    String start = "'old_string' does not occur in " + path;
    String wanted = squeeze(oldText);
    String[] lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
    String firstWanted =
        oldText
            .lines()
            .map(EditTool::squeeze)
            .filter(line -> !line.isEmpty())
            .findFirst()
            .orElse("");
    for (int i = 0; i < lines.length; i++) {
      if (!firstWanted.isEmpty() && squeeze(lines[i]).equals(firstWanted)) {
        boolean whole = squeeze(String.join("\n", lines)).contains(wanted);
        return start
            + (whole
                ? ": it differs in white space only, near line "
                : ": its first line is there, with what follows or its white space different, at line ")
            + (i + 1)
            + ". Read the file there and copy the text exactly.";
      }
    }
    return start + ". Read the file and copy the text exactly, without line numbers.";
  }

  private static String squeeze(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  private static String windows(String text) {
    return text.replace("\r\n", "\n").replace("\n", "\r\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String lines(byte[] content, List<Integer> offsets) {
    List<Integer> lines = new ArrayList<>();
    int line = 1;
    int at = 0;
    for (int offset : offsets.subList(0, Math.min(offsets.size(), LINES_NAMED))) {
      for (; at < offset; at++) {
        line += content[at] == '\n' ? 1 : 0;
      }
      lines.add(line);
    }
    return lines.stream().map(String::valueOf).collect(Collectors.joining(", "))
        + (offsets.size() > LINES_NAMED ? ", ..." : "");
  }

  private static List<Integer> occurrences(byte[] content, byte[] wanted) {
    List<Integer> found = new ArrayList<>();
    int at = indexOf(content, wanted, 0);
    while (at >= 0) {
      found.add(at);
      at = indexOf(content, wanted, at + wanted.length);
    }
    return found;
  }

  /** Knuth, Morris and Pratt's search, as a repetitive file must not make it quadratic. */
  private static int indexOf(byte[] content, byte[] wanted, int from) {
    int[] fallback = new int[wanted.length];
    for (int i = 1, matched = 0; i < wanted.length; i++) {
      while (matched > 0 && wanted[i] != wanted[matched]) {
        matched = fallback[matched - 1];
      }
      matched += wanted[i] == wanted[matched] ? 1 : 0;
      fallback[i] = matched;
    }
    for (int i = from, matched = 0; i < content.length; i++) {
      while (matched > 0 && content[i] != wanted[matched]) {
        matched = fallback[matched - 1];
      }
      matched += content[i] == wanted[matched] ? 1 : 0;
      if (matched == wanted.length) {
        return i - matched + 1;
      }
    }
    return -1;
  }

  private static byte[] replace(byte[] content, List<Integer> found, int length, byte[] after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + after.length);
    int at = 0;
    for (int offset : found) {
      out.write(content, at, offset - at);
      out.writeBytes(after);
      at = offset + length;
    }
    out.write(content, at, content.length - at);
    return out.toByteArray();
  }
}
