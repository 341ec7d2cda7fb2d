package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes a commit's files into a new tree, after a look at how large they are. */
final class Checkout {
  private static final int MAX_FILES = 500_000;

  private final Layout layout;

  Checkout(Layout layout) {
    this.layout = layout;
  }

  /** Makes tree and index aside; the tree gets its name only when it is whole. */
  void write(Mirror mirror, String runId, String commit)
      throws GitException, InterruptedException, IOException {
    checkSize(mirror, commit);
    Path run = layout.run(runId);
    Path fresh = Files.createDirectory(run.resolve("tree." + UUID.randomUUID()));
    mirror
        .git("read-tree", "-m", "-u", "--no-recurse-submodules", commit)
        .tree(fresh, layout.index(runId))
        .maxFileBytes(mirror.settings().maxCheckoutBytes())
        .pidFile(run.resolve("pid"))
        .output();
    Files.move(fresh, layout.tree(runId), StandardCopyOption.ATOMIC_MOVE);
  }

  void checkSize(Mirror mirror, String commit) throws GitException, InterruptedException {
    long maxBytes = mirror.settings().maxCheckoutBytes();
    GitCommand.Result<Sum> result =
        mirror
            .git("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
            .run(output -> sum(output, maxBytes));
    if (result.output().tooLarge(maxBytes)) {
      throw new GitException(
          "checkout_too_large",
          "The repository's files are more than %d bytes or more than %d files."
              .formatted(maxBytes, MAX_FILES),
          false);
    }
    if (!result.succeeded()) {
      throw GitErrors.local("ls-tree", result);
    }
  }

  private record Sum(long bytes, long files) {
    boolean tooLarge(long maxBytes) {
      return bytes > maxBytes || files > MAX_FILES;
    }
  }

  /** Entries are {@code mode type object size TAB path NUL}; the size is the fourth word. */
  private static Sum sum(InputStream output, long maxBytes) throws IOException {
    Sum sum = new Sum(0, 0);
    byte[] buffer = new byte[64 << 10];
    int word = 1;
    long size = 0;
    boolean inPath = false;
    boolean between = false;
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      for (int i = 0; i < n; i++) {
        byte c = buffer[i];
        if (c == 0) {
          sum = new Sum(sum.bytes() + size, sum.files() + 1);
          word = 1;
          size = 0;
          inPath = false;
        } else if (c == '\t') {
          inPath = true;
        } else if (!inPath && c == ' ') {
          word += between ? 0 : 1;
        } else if (!inPath && word == 4 && c >= '0' && c <= '9') {
          size = size * 10 + (c - '0');
        }
        between = c == ' ';
      }
      if (sum.tooLarge(maxBytes)) {
        return sum;
      }
    }
    return sum;
  }
}
