package dev.mainstay.agent.tool;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Visits the regular files below a place, without {@code .git} and without following links, within
 * a number of entries and a time.
 */
final class FileWalk {
  static final int MAX_ENTRIES = 200_000;
  private static final int MAX_DEPTH = 100;

  /** Called for every regular file. */
  interface Visitor {
    /**
     * @param path relative to the workspace
     * @param file holds the file; valid during the call
     * @return whether to go on
     */
    boolean visit(String path, String name, BasicFileAttributes attributes, Opener file)
        throws ToolFailure, InterruptedException;
  }

  /** Pins the visited file. */
  interface Opener {
    Pinned pin() throws IOException, ToolFailure;
  }

  private final Deadline deadline;
  private final Visitor visitor;
  private int entries;
  private boolean stopped;

  FileWalk(Deadline deadline, Visitor visitor) {
    this.deadline = deadline;
    this.visitor = visitor;
  }

  /** Returns whether it saw everything that it should, or was stopped by the visitor. */
  boolean walk(WorkspaceFiles files, WorkspacePath start) throws ToolFailure, InterruptedException {
    try (Pinned pinned = files.pin(start)) {
      BasicFileAttributes attributes = pinned.attributes();
      if (attributes.isDirectory()) {
        String prefix = start.components().isEmpty() ? "" : start + "/";
        directory(pinned, prefix, 0);
      } else if (attributes.isRegularFile()) {
        String name = start.components().getLast();
        boolean unused = visitor.visit(start.toString(), name, attributes, () -> files.pin(start));
      } else {
        throw new ToolFailure("'" + start + "' is neither a file nor a directory.");
      }
    } catch (IOException e) {
      throw WorkspaceFiles.failure(e, start.toString());
    }
    return entries < MAX_ENTRIES && !deadline.isOver();
  }

  private void directory(Pinned directory, String prefix, int depth)
      throws ToolFailure, InterruptedException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.path())) {
      for (Path entry : stream) {
        if (stopped || ++entries >= MAX_ENTRIES || !deadline.hasTime()) {
          stopped = true;
          return;
        }
        String name = String.valueOf(entry.getFileName());
        if (!WorkspacePath.isGitName(name)) {
          entry(directory, entry, name, prefix, depth);
        }
      }
    } catch (IOException | DirectoryIteratorException gone) {
      // Removed, replaced or not readable: there is nothing to visit.
      return;
    }
  }

  private void entry(Pinned parent, Path entry, String name, String prefix, int depth)
      throws ToolFailure, InterruptedException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        stopped |= !visitor.visit(prefix + name, name, attributes, () -> parent.child(name));
      } else if (attributes.isDirectory() && depth < MAX_DEPTH) {
        try (Pinned child = parent.child(name)) {
          if (child.attributes().isDirectory()) {
            directory(child, prefix + name + "/", depth + 1);
          }
        }
      }
    } catch (IOException gone) {
      // As above.
      return;
    }
  }
}
