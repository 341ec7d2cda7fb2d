package dev.mainstay.server.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A database file with the present schema and no rows, which the build made with the migrations. A
 * first start copies it: running the migrations would load a thousand classes more, and take half a
 * second.
 */
final class EmptyDatabase {
  static final String RESOURCE = "/db/empty.sqlite";

  private EmptyDatabase() {}

  /** Makes the file unless it is there; after a crash it is there whole or not at all. */
  static void createIfMissing(Path file) {
    if (Files.exists(file)) {
      return;
    }
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try (InputStream empty = EmptyDatabase.class.getResourceAsStream(RESOURCE)) {
      if (empty == null) {
        throw new IllegalStateException("The build left out " + RESOURCE);
      }
      Path copy = file.resolveSibling(file.getFileName() + ".new");
      Files.copy(empty, copy, StandardCopyOption.REPLACE_EXISTING);
      sync(copy);
      Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create the database " + file, e);
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
