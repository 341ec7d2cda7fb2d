package dev.mainstay.agent.sandbox;

import dev.mainstay.agent.host.Shortage;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes from one platform thread that lives as long as the server.
 *
 * <p>{@code bwrap --die-with-parent} is prctl(PR_SET_PDEATHSIG), and the kernel's "parent" is the
 * thread that forked. Started from a pool's or a virtual thread's carrier, a sandbox is killed when
 * that thread retires, after 30 idle seconds.
 */
final class Spawner implements AutoCloseable {
  static final String THREAD_NAME = "sandbox-spawner";

  private static final int QUEUE = 1024;

  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          Thread.ofPlatform().daemon().name(THREAD_NAME).factory());

  /** Starts the process; after an interrupt it is killed before the exception leaves. */
  Process start(ProcessBuilder builder) throws IOException, InterruptedException {
    Future<Process> started = submit(builder);
    boolean interrupted = false;
    Process process = null;
    while (process == null) {
      try {
        process = started.get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw cause;
        }
        if (Shortage.of(e)) {
          throw new IOException("Resource temporarily unavailable", e);
        }
        throw new IllegalStateException("the shell cannot start", e);
      }
    }
    if (interrupted) {
      process.destroyForcibly();
      throw new InterruptedException("interrupted while a shell started");
    }
    return process;
  }

  private Future<Process> submit(ProcessBuilder builder) throws IOException {
    try {
      return executor.submit(builder::start);
    } catch (OutOfMemoryError e) {
      if (Shortage.isThread(e)) {
        throw new IOException("Resource temporarily unavailable", e);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
