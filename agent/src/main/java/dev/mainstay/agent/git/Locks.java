package dev.mainstay.agent.git;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks by name, against other threads and against other processes on the same directory. A process
 * that dies leaves its locks free.
 */
final class Locks {
  /** Of the whole process, as the locks on files are: they do not tell threads apart. */
  private static final Map<Path, Entry> ENTRIES = new HashMap<>();

  /** Counts its users, so that it is forgotten with the last one. Guarded by {@link #ENTRIES}. */
  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock();
    int users;
  }

  /** Held until closed, by the thread that took it. */
  interface Held extends AutoCloseable {
    /** Closing will also remove the lock's file: what it stood for is gone. */
    void forget();

    @Override
    void close();
  }

  Held take(Path file) throws GitException, InterruptedException {
    Entry entry;
    synchronized (ENTRIES) {
      entry = ENTRIES.computeIfAbsent(file, key -> new Entry());
      entry.users++;
    }
    boolean held = false;
    try {
      entry.lock.lockInterruptibly();
      held = true;
      return new FileHeld(file, entry, lockFile(file));
    } catch (GitException | InterruptedException | RuntimeException e) {
      if (held) {
        entry.lock.unlock();
      }
      leave(file, entry);
      throw e;
    }
  }

  private static final class FileHeld implements Held {
    private final Path file;
    private final Entry entry;
    private final FileChannel channel;
    private boolean forgotten;

    FileHeld(Path file, Entry entry, FileChannel channel) {
      this.file = file;
      this.entry = entry;
      this.channel = channel;
    }

    @Override
    public void forget() {
      forgotten = true;
    }

    @Override
    public void close() {
      try (channel) {
        if (forgotten) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        // Closing frees the lock even when it reports an error; a file that stays does no harm.
      } finally {
        entry.lock.unlock();
        leave(file, entry);
      }
    }
  }

  /** Tries again when the file was removed by the one who held the lock before. */
  private static FileChannel lockFile(Path file) throws GitException, InterruptedException {
    while (true) {
      FileChannel channel = null;
      try {
        channel = FileChannel.open(file, CREATE, WRITE);
        FileLock lock = channel.lock();
        // What is written to the locked file can be read at its path only if it is still there.
        String mine = UUID.randomUUID().toString();
        channel.write(ByteBuffer.wrap(mine.getBytes(StandardCharsets.US_ASCII)), 0);
        if (lock.isValid() && isAt(file, mine)) {
          return channel;
        }
        channel.close();
      } catch (IOException e) {
        close(channel);
        if (e instanceof FileLockInterruptionException || e instanceof ClosedByInterruptException) {
          Thread.interrupted();
          throw new InterruptedException("interrupted while waiting for " + file.getFileName());
        }
        throw new GitException(
            "git_failed", "A lock cannot be taken: " + e.getClass().getSimpleName(), true);
      }
    }
  }

  private static boolean isAt(Path file, String text) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).equals(text);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The error that led here is the one to tell.
    }
  }

  private static void leave(Path file, Entry entry) {
    synchronized (ENTRIES) {
      entry.users--;
      if (entry.users == 0) {
        ENTRIES.remove(file);
      }
    }
  }
}
