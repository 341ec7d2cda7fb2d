package dev.mainstay.agent.git;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks by name, against other threads and against other processes on the same directory. A process
 * that dies leaves its locks free.
 */
final class Locks {
  private final Map<Path, Entry> entries = new HashMap<>();

  /** Counts its users, so that it is forgotten with the last one. Guarded by {@link #entries}. */
  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock();
    int users;
  }

  /** Held until closed, by the thread that took it. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  Held take(Path file) throws GitException, InterruptedException {
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(file, key -> new Entry());
      entry.users++;
    }
    boolean held = false;
    try {
      entry.lock.lockInterruptibly();
      held = true;
      FileChannel channel = lockFile(file);
      return () -> {
        try {
          channel.close();
        } catch (IOException e) {
          // Closing frees the lock even when it reports an error.
        } finally {
          entry.lock.unlock();
          leave(file, entry);
        }
      };
    } catch (GitException | InterruptedException | RuntimeException e) {
      if (held) {
        entry.lock.unlock();
      }
      leave(file, entry);
      throw e;
    }
  }

  private static FileChannel lockFile(Path file) throws GitException, InterruptedException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed(e);
    }
    try {
      FileLock lock = channel.lock();
      assert lock.isValid();
      return channel;
    } catch (IOException e) {
      try {
        channel.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      if (e instanceof FileLockInterruptionException
          || e instanceof java.nio.channels.ClosedByInterruptException) {
        Thread.interrupted();
        throw new InterruptedException("interrupted while waiting for " + file.getFileName());
      }
      throw failed(e);
    }
  }

  private static GitException failed(IOException e) {
    return new GitException(
        "git_failed", "A lock cannot be taken: " + e.getClass().getSimpleName(), true);
  }

  private void leave(Path file, Entry entry) {
    synchronized (entries) {
      entry.users--;
      if (entry.users == 0) {
        entries.remove(file);
      }
    }
  }
}
