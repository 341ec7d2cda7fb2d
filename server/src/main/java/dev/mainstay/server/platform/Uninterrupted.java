package dev.mainstay.server.platform;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits to the end for what another thread does, also when the caller is interrupted. */
final class Uninterrupted {
  private Uninterrupted() {}

  /**
   * Runs {@code work} on a thread that nobody can interrupt: to interrupt a virtual thread in the
   * middle of a socket's read closes the socket. It works for the caller's {@link Tenant}.
   *
   * @param done completed with what comes of the work, unless somebody completes it before
   */
  static <T extends @Nullable Object> T call(
      String name, CompletableFuture<T> done, Supplier<T> work) {
    Supplier<T> carried = Tenant.carried(work);
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                done.complete(carried.get());
              } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
              }
            });
    return get(done);
  }

  /**
   * Waits also when the caller is interrupted: once somebody has the work, only its end tells
   * whether it happened. The interrupt is kept for the caller.
   */
  static <T extends @Nullable Object> T get(CompletableFuture<T> done) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return done.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException cause) {
            throw cause;
          }
          throw new CompletionException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
