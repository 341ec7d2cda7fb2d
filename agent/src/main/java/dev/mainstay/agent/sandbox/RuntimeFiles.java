package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The few files that every sandbox gets: a minimal {@code /etc}, and the driver.
 *
 * <p>The driver is a copy of bash that its user may execute but not read. The kernel makes such a
 * process non-dumpable (execve(2), ptrace(2)): a command, although it runs as the same user, can
 * neither trace the driver nor open its descriptors through {@code /proc}.
 */
final class RuntimeFiles implements AutoCloseable {
  private static final String PREFIX = "sandbox-";

  private final Path directory;

  private RuntimeFiles(Path directory) {
    this.directory = directory;
  }

  static RuntimeFiles create(Path parent) throws IOException {
    Files.createDirectories(parent);
    Path directory = Files.createTempDirectory(parent, PREFIX + ServerProcess.SELF + "-");
    RuntimeFiles files = new RuntimeFiles(directory);
    Path bash = Host.find("bash").orElse(null);
    if (bash != null) {
      Files.copy(bash, files.driver());
      mode(files.driver(), "--x--x--x");
    }
    Path etc = Files.createDirectory(files.etc());
    text(
        etc.resolve("passwd"),
        """
        root:x:0:0:root:/:/usr/sbin/nologin
        agent:x:1000:1000:agent:/home/agent:/bin/bash
        nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
        """);
    text(etc.resolve("group"), "root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n");
    text(etc.resolve("hosts"), "127.0.0.1 localhost sandbox\n::1 localhost\n");
    text(etc.resolve("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
    mode(etc, "rwxr-xr-x");
    mode(directory, "rwxr-xr-x");
    return files;
  }

  /** Removes what servers that no longer run left in {@code parent}. */
  static void reap(Path parent) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : left) {
        String owner = String.valueOf(directory.getFileName()).substring(PREFIX.length());
        if (!ServerProcess.isAlive(owner.substring(0, Math.max(0, owner.indexOf('-'))))) {
          delete(directory);
        }
      }
    }
  }

  Path directory() {
    return directory;
  }

  Path driver() {
    return directory.resolve("driver");
  }

  Path etc() {
    return directory.resolve("etc");
  }

  /** A place for the files of a session that has no private file system. */
  Path privateDirectory() throws IOException {
    return Files.createTempDirectory(directory, "session-");
  }

  static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    delete(directory);
  }

  private static void text(Path file, String content) throws IOException {
    Files.writeString(file, content);
    mode(file, "rw-r--r--");
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
