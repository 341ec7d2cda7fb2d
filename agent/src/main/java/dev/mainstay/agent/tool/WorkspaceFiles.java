package dev.mainstay.agent.tool;

import dev.mainstay.agent.sandbox.HostUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The server's own access to the files of a workspace that hostile code may be changing at the same
 * time. Every component of a path is looked up in the directory that was found before it, never
 * through a link, see {@link Pinned}; nothing outside the workspace can be reached, and nothing but
 * regular files is opened.
 */
public final class WorkspaceFiles implements AutoCloseable {
  private static final int NEW_FILE = 0644;
  private static final int NEW_DIRECTORY = 0755;
  private static final int PERMISSIONS = 0777;
  private static final String NO_LINKS = ", and file tools do not follow links.";

  private final String realPath;
  private final int uid;
  private final Pinned root;
  private final Path staging;

  private WorkspaceFiles(String realPath, int uid, Pinned root, Path staging) {
    this.realPath = realPath;
    this.uid = uid;
    this.root = root;
    this.staging = staging;
  }

  /**
   * @param root an existing directory; new contents are made in the one above it, on the same file
   *     system, so that a crash leaves no half file in the workspace, where it would be committed
   * @param uid owner of what is created, when the server is root
   * @throws UncheckedIOException if the directory cannot be opened
   */
  public static WorkspaceFiles open(Path root, int uid) {
    try {
      Path real = root.toRealPath();
      Path staging = Objects.requireNonNull(real.getParent(), "a workspace is not the root");
      return new WorkspaceFiles(real.toString(), uid, Pinned.of(real), staging);
    } catch (IOException e) {
      throw new UncheckedIOException("the workspace cannot be opened", e);
    }
  }

  /** Further use fails; no tool may be running meanwhile. */
  @Override
  public void close() {
    root.close();
  }

  WorkspacePath resolve(String text) throws ToolFailure {
    return WorkspacePath.parse(text, realPath);
  }

  /** Holds what is at the path, link or not. */
  Pinned pin(WorkspacePath path) throws ToolFailure {
    return descend(path.components(), path, false);
  }

  boolean exists(WorkspacePath path) {
    try (Pinned unused = pin(path)) {
      return true;
    } catch (ToolFailure absent) {
      return false;
    }
  }

  /** Opens a regular file; the stream starts at its first byte. */
  InputStream read(WorkspacePath path) throws ToolFailure {
    try (Pinned file = pin(path)) {
      return open(file, path.toString());
    }
  }

  /** Opens a pinned regular file. */
  static InputStream open(Pinned file, String name) throws ToolFailure {
    try {
      requireRegular(file.attributes(), name);
      return Channels.newInputStream(Files.newByteChannel(file.path(), StandardOpenOption.READ));
    } catch (IOException e) {
      throw failure(e, name);
    }
  }

  /**
   * Replaces or creates a file in one step, with the directories above it. A replaced file's
   * permissions stay, but never set-user-ID.
   *
   * @return whether the file is new
   */
  boolean write(WorkspacePath path, byte[] content) throws ToolFailure {
    if (path.components().isEmpty()) {
      throw new ToolFailure("The path names the workspace itself, not a file.");
    }
    if (path.isInGitDirectory()) {
      throw new ToolFailure("'.git' must not be written; the server keeps the repository.");
    }
    List<String> parents = path.components().subList(0, path.components().size() - 1);
    String name = path.components().getLast();
    try (Pinned parent = descend(parents, path, true)) {
      requireDirectory(parent, path);
      int mode = existingMode(parent, name, path);
      replace(parent, name, content, mode < 0 ? NEW_FILE : mode);
      return mode < 0;
    } catch (IOException | InvalidPathException e) {
      throw failure(e, path.toString());
    }
  }

  private Pinned descend(List<String> names, WorkspacePath path, boolean create)
      throws ToolFailure {
    Pinned current = root;
    try {
      for (String name : names) {
        Pinned next;
        try {
          next = child(current, name, create);
        } catch (NotDirectoryException e) {
          requireDirectory(current, path);
          throw e;
        } finally {
          if (current != root) {
            current.close();
          }
        }
        current = next;
      }
      return current == root ? root.child(".") : current;
    } catch (IOException | InvalidPathException e) {
      throw failure(e, path.toString());
    }
  }

  private Pinned child(Pinned parent, String name, boolean create) throws IOException {
    try {
      return parent.child(name);
    } catch (NoSuchFileException absent) {
      if (!create) {
        throw absent;
      }
      Path made = parent.path().resolve(name);
      Files.createDirectory(made);
      give(made, NEW_DIRECTORY);
      return parent.child(name);
    }
  }

  private static int existingMode(Pinned parent, String name, WorkspacePath path)
      throws IOException, ToolFailure {
    try (Pinned existing = parent.child(name)) {
      requireRegular(existing.attributes(), path.toString());
      return (Integer) Files.getAttribute(existing.path(), "unix:mode") & PERMISSIONS;
    } catch (NoSuchFileException absent) {
      return -1;
    }
  }

  private void replace(Pinned parent, String name, byte[] content, int mode) throws IOException {
    byte[] random = new byte[8];
    ThreadLocalRandom.current().nextBytes(random);
    Path temporary = staging.resolve("write-" + HexFormat.of().formatHex(random));
    boolean moved = false;
    try {
      try (SeekableByteChannel channel =
          Files.newByteChannel(
              temporary,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      give(temporary, mode);
      Files.move(
          temporary,
          parent.path().resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      if (!moved) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /**
   * To the sandbox's user, if the server may. Should hostile code have swapped the name meanwhile,
   * what it put there is its own already: it can neither make nor link files of others.
   */
  private void give(Path made, int mode) throws IOException {
    // The mode comes first, while nobody else may touch a new file; no link is followed by chown.
    try (Pinned pinned = Pinned.of(made)) {
      BasicFileAttributes attributes = pinned.attributes();
      if (attributes.isSymbolicLink()) {
        throw new AccessDeniedException("replaced by a link");
      }
      Files.setAttribute(pinned.path(), "unix:mode", mode);
      if (HostUser.serverIsRoot()) {
        Files.setAttribute(pinned.path(), "unix:gid", uid);
        Files.setAttribute(pinned.path(), "unix:uid", uid);
      }
    }
  }

  private static void requireDirectory(Pinned pinned, WorkspacePath path) throws ToolFailure {
    try {
      BasicFileAttributes attributes = pinned.attributes();
      if (attributes.isSymbolicLink()) {
        throw new ToolFailure("A directory in '" + path + "' is a symbolic link" + NO_LINKS);
      }
      if (!attributes.isDirectory()) {
        throw new ToolFailure("A directory in '" + path + "' is a file.");
      }
    } catch (IOException e) {
      throw failure(e, path.toString());
    }
  }

  private static void requireRegular(BasicFileAttributes attributes, String name)
      throws ToolFailure {
    if (attributes.isSymbolicLink()) {
      throw new ToolFailure("'" + name + "' is a symbolic link" + NO_LINKS);
    }
    if (attributes.isDirectory()) {
      throw new ToolFailure("'" + name + "' is a directory, not a file.");
    }
    if (!attributes.isRegularFile()) {
      throw new ToolFailure("'" + name + "' is a device, pipe or socket, not a file.");
    }
  }

  static ToolFailure failure(Exception e, String name) {
    return switch (e) {
      case NoSuchFileException absent -> new ToolFailure("'" + name + "' does not exist.");
      case AccessDeniedException denied -> new ToolFailure("'" + name + "' cannot be accessed.");
      case NotDirectoryException file ->
          new ToolFailure("A directory in '" + name + "' is not one.");
      default -> new ToolFailure("'" + name + "' cannot be used: the system refuses it.");
    };
  }
}
