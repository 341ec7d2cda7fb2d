package dev.mainstay.agent.tool;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

final class GlobTool extends BuiltInTool {
  static final int MAX_RESULTS = 200;
  private static final Duration TIME = Duration.ofSeconds(10);

  private record Found(String path, long modified) {}

  private static final Comparator<Found> OLDEST_FIRST =
      Comparator.comparingLong(Found::modified)
          .thenComparing(Found::path, Comparator.reverseOrder());

  private final WorkspaceFiles files;

  GlobTool(WorkspaceFiles files) {
    super(
        "glob",
        true,
        """
        Finds files of the workspace by name, most recently changed first, at most 200. In the \
        pattern * and ? stay within one name, ** crosses directories, {a,b} and [a-z] choose: for \
        example **/*.java or src/{main,test}/**/*.xml. The .git directory and symbolic links are \
        left out.
        """,
        new Schema()
            .string("pattern", "Pattern that the path below 'path' must match as a whole")
            .string("path", "Directory to search, the whole workspace by default")
            .required("pattern"));
    this.files = files;
  }

  @Override
  Output run(ToolInput input, Consumer<String> live) throws ToolFailure, InterruptedException {
    Deadline deadline = new Deadline(TIME);
    WorkspacePath base = files.resolve(input.string("path", "."));
    BoundedMatcher matcher = new BoundedMatcher(Globs.toRegex(input.string("pattern")), deadline);
    int prefix = base.components().isEmpty() ? 0 : base.toString().length() + 1;
    PriorityQueue<Found> newest = new PriorityQueue<>(OLDEST_FIRST);
    int[] count = new int[1];
    boolean complete =
        new FileWalk(
                deadline,
                (path, name, attributes, file) -> {
                  String below = path.length() > prefix ? path.substring(prefix) : name;
                  if (matcher.find(below)) {
                    count[0]++;
                    newest.add(new Found(path, attributes.lastModifiedTime().toMillis()));
                    if (newest.size() > MAX_RESULTS) {
                      newest.remove();
                    }
                  }
                  return true;
                })
            .walk(files, base);
    String list =
        newest.stream()
            .sorted(OLDEST_FIRST.reversed())
            .map(found -> Text.visible(found.path()).replace('\n', '?') + "\n")
            .collect(Collectors.joining());
    StringBuilder out = new StringBuilder(list.isEmpty() ? "No file matches.\n" : list);
    if (count[0] > newest.size()) {
      out.append("[").append(count[0] - newest.size()).append(" more; narrow the pattern]\n");
    }
    if (!complete) {
      out.append("[the search was stopped at its limit of time or files; search a directory]\n");
    }
    return Output.ok(out.toString());
  }
}
