package dev.mainstay.agent.git;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Deletes trees that an agent has filled. Everything is moved out of the way first, by one rename.
 * Deletion works on open directories and never follows a link; nested directories are moved up
 * before they are emptied, so that neither depth nor length of a path matters.
 */
final class Trash {
  private static final Set<PosixFilePermission> OWNER_ALL =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path directory;

  Trash(Path directory) {
    this.directory = directory;
  }

  /** Removes a file or a directory with all below it; does nothing if there is none. */
  void delete(Path path) throws IOException {
    while (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Path heap = Files.createDirectory(directory.resolve(name()));
      try {
        Files.move(path, heap.resolve(name()), StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        // Gone meanwhile; or the heap was, and then this starts again.
      }
      empty(heap);
    }
  }

  /**
   * Deletes what a process left behind that died while it deleted.
   *
   * @param before only what has not been touched since: the rest may still be in somebody's hands
   */
  void empty(Instant before) throws IOException {
    try (var heaps = Files.newDirectoryStream(directory)) {
      for (Path heap : heaps) {
        if (Files.getLastModifiedTime(heap).toInstant().isBefore(before)) {
          empty(heap);
        }
      }
    } catch (NoSuchFileException e) {
      // Somebody else deletes the same heap.
    }
  }

  private static void empty(Path heap) throws IOException {
    boolean more = true;
    while (more) {
      more = false;
      try (var stream = Files.newDirectoryStream(heap)) {
        if (!(stream instanceof SecureDirectoryStream<Path> top)) {
          throw new IOException("this file system cannot delete safely");
        }
        for (Path entry : top) {
          more = true;
          deleteEntry(top, heap, entry.getFileName());
        }
      } catch (NoSuchFileException e) {
        return; // somebody else deletes the same heap
      }
    }
    try {
      Files.deleteIfExists(heap);
    } catch (DirectoryNotEmptyException e) {
      empty(heap);
    }
  }

  private static void deleteEntry(SecureDirectoryStream<Path> top, Path heap, Path name)
      throws IOException {
    try {
      if (!isDirectory(top, name)) {
        top.deleteFile(name);
        return;
      }
      open(top, heap, name);
      try (SecureDirectoryStream<Path> directory =
          top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        for (Path child : directory) {
          Path childName = child.getFileName();
          if (isDirectory(directory, childName)) {
            open(directory, heap.resolve(name), childName);
            directory.move(childName, top, Path.of(name()));
          } else {
            directory.deleteFile(childName);
          }
        }
      }
      top.deleteDirectory(name);
    } catch (NoSuchFileException e) {
      // Somebody else deletes the same heap.
    }
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }

  /** A read-only directory can be neither emptied nor moved by its owner. */
  private static void open(SecureDirectoryStream<Path> parent, Path where, Path name)
      throws IOException {
    PosixFileAttributeView view =
        parent.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view.readAttributes().permissions().containsAll(OWNER_ALL)) {
      return;
    }
    try {
      view.setPermissions(OWNER_ALL);
    } catch (AccessDeniedException e) {
      // The view opens what it changes, which an unreadable directory does not allow.
      Files.setPosixFilePermissions(where.resolve(name), OWNER_ALL);
    }
  }

  private static String name() {
    return UUID.randomUUID().toString();
  }
}
