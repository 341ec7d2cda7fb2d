package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The unprivileged host user that a root server gives a task: a file that the sandbox leaves behind
 * belongs to nobody who matters, and process limits, which the kernel ignores for root, hold.
 */
public final class HostUser {
  /** First of the numeric users that tasks get; systemd and Debian leave this range free. */
  public static final int FIRST = 700_000;

  private static final int COUNT = 10_000;

  private HostUser() {}

  /** The same task always gets the same user; two tasks may, rarely, share one. */
  public static int forTask(String taskId) {
    return FIRST + Math.floorMod(taskId.hashCode() * 0x9E3779B1, COUNT);
  }

  /** Whether this process may give files and processes to other users. */
  public static boolean serverIsRoot() {
    return ServerProcess.USER_ID == 0;
  }

  /**
   * Gives a tree to a task's user, links themselves and not what they point to, and closes its root
   * to everybody else. Does nothing unless the server is root. No sandbox may run on the tree
   * meanwhile.
   */
  public static void own(Path tree, int uid) throws IOException {
    if (!serverIsRoot()) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            give(directory, uid);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            give(file, uid);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    Files.setAttribute(tree, "unix:mode", 0700, LinkOption.NOFOLLOW_LINKS);
  }

  private static void give(Path path, int uid) throws IOException {
    Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Object group = Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(uid) || !group.equals(uid)) {
      Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
