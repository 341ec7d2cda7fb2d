package dev.mainstay.agent.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

final class GrepTool extends BuiltInTool {
  static final int DEFAULT_RESULTS = 250;
  static final int MAX_RESULTS = 2000;
  private static final int MAX_OUTPUT_CHARS = 30_000;
  private static final int MAX_LINE_SEARCHED = 20_000;
  private static final int MAX_LINE_SHOWN = 400;
  private static final int MAX_FILE_BYTES = 10 * 1024 * 1024;
  private static final long MAX_TOTAL_BYTES = 256L * 1024 * 1024;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final List<String> MODES = List.of("files_with_matches", "content", "count");

  private final WorkspaceFiles files;

  GrepTool(WorkspaceFiles files) {
    super(
        "grep",
        true,
        """
        Searches the contents of the workspace's text files for a regular expression (Java syntax, \
        matched within a line; start with (?i) to ignore case). By default it lists the files that \
        match; output_mode content shows each matching line with its number, count the number of \
        matching lines per file. Binary files, files above 10 MiB, the .git directory and symbolic \
        links are left out.
        """,
        new Schema()
            .string("pattern", "Regular expression to find")
            .string("path", "File or directory to search, the whole workspace by default")
            .string("glob", "Only files whose name, or path if it has a '/', matches: *.java")
            .oneOf("output_mode", MODES, "What to show of the matches")
            .integer("head_limit", 1, MAX_RESULTS, "Lines of output at most, 250 by default")
            .required("pattern"));
    this.files = files;
  }

  @Override
  Output run(ToolInput input, Consumer<String> live) throws ToolFailure, InterruptedException {
    Deadline deadline = new Deadline(TIME);
    BoundedMatcher matcher = new BoundedMatcher(input.string("pattern"), deadline);
    WorkspacePath base = files.resolve(input.string("path", "."));
    String glob = input.string("glob", "");
    Optional<BoundedMatcher> filter =
        glob.isEmpty()
            ? Optional.empty()
            : Optional.of(new BoundedMatcher(Globs.toRegex(glob), deadline));
    boolean byPath = glob.contains("/");
    Search search =
        new Search(
            matcher,
            deadline,
            input.oneOf("output_mode", MODES),
            input.integer("head_limit", DEFAULT_RESULTS, 1, MAX_RESULTS));
    boolean complete =
        new FileWalk(
                deadline,
                (path, name, attributes, file) -> {
                  boolean wanted = filter.isEmpty() || filter.get().find(byPath ? path : name);
                  return !wanted || search.file(path, attributes.size(), file);
                })
            .walk(files, base);
    return Output.ok(search.result(complete));
  }

  private static final class Search {
    private final BoundedMatcher matcher;
    private final Deadline deadline;
    private final String mode;
    private final int limit;
    private final StringBuilder out = new StringBuilder();
    private int results;
    private int tooLarge;
    private long bytes;
    private boolean full;

    Search(BoundedMatcher matcher, Deadline deadline, String mode, int limit) {
      this.matcher = matcher;
      this.deadline = deadline;
      this.mode = mode;
      this.limit = limit;
    }

    /** Returns whether to go on. */
    boolean file(String path, long size, FileWalk.Opener opener)
        throws ToolFailure, InterruptedException {
      if (size > MAX_FILE_BYTES) {
        tooLarge++;
        return true;
      }
      byte[] content = content(path, opener);
      bytes += content.length;
      if (!Text.isBinary(content, content.length)) {
        search(path, new String(content, StandardCharsets.UTF_8));
      }
      return !full && bytes < MAX_TOTAL_BYTES;
    }

    String result(boolean complete) {
      if (out.isEmpty()) {
        out.append("No match.\n");
      }
      if (full) {
        out.append("[there is more; narrow the search or raise head_limit]\n");
      }
      if (tooLarge > 0) {
        out.append("[left out: ").append(Text.plural(tooLarge, "file")).append(" above 10 MiB]\n");
      }
      if (!complete || bytes >= MAX_TOTAL_BYTES) {
        out.append("[stopped at the limit of time, files or bytes; search less, or simplify]\n");
      }
      return out.toString();
    }

    private static byte[] content(String path, FileWalk.Opener opener) throws ToolFailure {
      try (Pinned file = opener.pin();
          InputStream in = WorkspaceFiles.open(file, path)) {
        return in.readNBytes(MAX_FILE_BYTES);
      } catch (IOException | ToolFailure changedMeanwhile) {
        return new byte[0];
      }
    }

    private void search(String path, String content) throws ToolFailure, InterruptedException {
      int matches = 0;
      int number = 0;
      int start = 0;
      while (start < content.length() && !full && !deadline.isOver()) {
        int newline = content.indexOf('\n', start);
        int end = newline < 0 ? content.length() : newline;
        number++;
        String line = content.substring(start, Math.min(end, start + MAX_LINE_SEARCHED));
        start = end + 1;
        if (matcher.find(line)) {
          matches++;
          if (mode.equals("content")) {
            String shown = Text.visible(Text.cut(line.stripTrailing(), MAX_LINE_SHOWN));
            add(shownPath(path) + ":" + number + ":" + shown);
          } else if (mode.equals("files_with_matches")) {
            add(shownPath(path));
            return;
          }
        }
      }
      if (matches > 0 && mode.equals("count")) {
        add(shownPath(path) + ":" + matches);
      }
    }

    private static String shownPath(String path) {
      return Text.visible(path).replace('\n', '?');
    }

    private void add(String line) {
      if (results >= limit || out.length() + line.length() > MAX_OUTPUT_CHARS) {
        full = true;
        return;
      }
      results++;
      out.append(line).append('\n');
    }
  }
}
