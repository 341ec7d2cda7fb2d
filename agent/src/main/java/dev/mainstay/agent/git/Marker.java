package dev.mainstay.agent.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Says that a run's workspace is complete. Written last, by one rename, and flushed to the disk.
 *
 * @param mirror key of the mirror that the workspace was made from
 */
record Marker(String mirror, String baseCommit, String baseBranch) {
  private static final String VERSION = "mainstay-workspace 1";

  void write(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    String text = String.join("\n", VERSION, mirror, baseCommit, baseBranch) + "\n";
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  /** The marker of a workspace that is there and complete. */
  static Optional<Marker> read(Layout layout, String runId) {
    try {
      List<String> lines = Files.readAllLines(layout.ready(runId), StandardCharsets.UTF_8);
      boolean whole =
          lines.size() == 4
              && lines.getFirst().equals(VERSION)
              && Files.isDirectory(layout.tree(runId), LinkOption.NOFOLLOW_LINKS)
              && Files.isRegularFile(layout.index(runId), LinkOption.NOFOLLOW_LINKS);
      return whole
          ? Optional.of(new Marker(lines.get(1), lines.get(2), lines.get(3)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean fits(Workspaces.Request request, String mirrorKey) {
    return mirror.equals(mirrorKey)
        && (request.baseCommit().isEmpty() || request.baseCommit().equals(baseCommit));
  }
}
