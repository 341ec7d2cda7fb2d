package dev.mainstay.agent.tool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file or directory held by a descriptor that neither opens nor follows it: openat(2) with O_PATH
 * and O_NOFOLLOW.
 *
 * <p>Whoever renames or replaces things meanwhile, {@link #path} stays the object that was looked
 * at; holding a FIFO or a device does not block. The JDK's SecureDirectoryStream really opens each
 * component, so a FIFO put in its way blocks the thread for good; and it cannot make directories.
 */
final class Pinned implements AutoCloseable {
  private static final int CURRENT_DIRECTORY = -100;
  private static final int NO_ENTRY = 2;
  private static final int NOT_PERMITTED = 13;
  private static final int NOT_A_DIRECTORY = 20;

  private static final int FLAGS =
      // O_PATH | O_CLOEXEC, the same on every architecture, and O_NOFOLLOW, which is not.
      010000000 | 02000000 | noFollow(System.getProperty("os.arch", ""));

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPENAT =
      function(
          "openat",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(3));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int descriptor;
  private volatile boolean closed;

  private Pinned(int descriptor) {
    this.descriptor = descriptor;
  }

  static Pinned of(Path path) throws IOException {
    return new Pinned(open(CURRENT_DIRECTORY, path.toAbsolutePath().toString()));
  }

  /**
   * An entry of this directory; a symbolic link is itself, not what it points to.
   *
   * @throws NoSuchFileException if there is none
   * @throws NotDirectoryException if this is not a directory
   */
  Pinned child(String name) throws IOException {
    // The number may be another file's by now.
    if (closed) {
      throw new IOException("closed");
    }
    return new Pinned(open(descriptor, name));
  }

  /** Leads to this very object; names below a directory may be resolved against it. */
  Path path() {
    return Path.of("/proc/self/fd", Integer.toString(descriptor));
  }

  BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path(), BasicFileAttributes.class);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        int unused = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new LinkageError("close", e);
      }
    }
  }

  private static int open(int directory, String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int opened;
      try {
        opened = (int) OPENAT.invokeExact(state, directory, arena.allocateFrom(name), FLAGS);
      } catch (Throwable e) {
        throw new LinkageError("openat", e);
      }
      if (opened >= 0) {
        return opened;
      }
      int error = (int) ERRNO_VALUE.get(state, 0L);
      throw switch (error) {
        case NO_ENTRY -> new NoSuchFileException(name);
        case NOT_PERMITTED -> new AccessDeniedException(name);
        case NOT_A_DIRECTORY -> new NotDirectoryException(name);
        default -> new FileSystemException(name, null, "error " + error);
      };
    }
  }

  /** O_NOFOLLOW is 0400000 in the generic header; ARM and POWER have 0100000. */
  private static int noFollow(String architecture) {
    boolean special = architecture.startsWith("aarch64") || architecture.startsWith("ppc64");
    return special ? 0100000 : 0400000;
  }

  @SuppressWarnings("restricted") // two libc calls whose signatures are fixed by POSIX
  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
