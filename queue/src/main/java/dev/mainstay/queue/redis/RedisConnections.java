package dev.mainstay.queue.redis;

import dev.mainstay.queue.QueueUnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a process has of one Redis server: a connection that all its queues share, and one more for
 * each queue that has workers, which waits for jobs. They connect again by themselves. A command
 * whose answer is lost with its connection is not sent a second time; its caller gets an exception.
 */
public final class RedisConnections implements AutoCloseable {
  /** A command that takes longer has failed; the longest is a bulk of jobs. */
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

  /** For how long the caller waits for answers, where somebody waits for the caller. */
  private static final ScopedValue<Duration> PATIENCE = ScopedValue.newInstance();

  private static final String AWAY =
      "(?s)(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS)\\b.*";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration QUIET_PERIOD = Duration.ZERO;
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

  private final RedisClient client;
  private final RedisURI uri;
  private final StatefulRedisConnection<byte[], byte[]> shared;
  private final Duration patience;

  private RedisConnections(RedisURI uri, Duration patience) {
    this.uri = uri;
    this.patience = patience;
    client = RedisClient.create();
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(true)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            // A command that was on its way may have been carried out: it is for its caller to ask.
            .replayFilter(command -> true)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .build());
    try {
      shared = client.connect(ByteArrayCodec.INSTANCE, uri);
    } catch (RuntimeException e) {
      client.shutdown(QUIET_PERIOD, SHUTDOWN_TIMEOUT);
      throw e;
    }
  }

  /**
   * Connects.
   *
   * @param uri {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS
   * @throws IllegalArgumentException it is not such a URI
   * @throws io.lettuce.core.RedisConnectionException the server cannot be reached
   */
  public static RedisConnections open(String uri) {
    return new RedisConnections(RedisURI.create(uri), COMMAND_TIMEOUT);
  }

  /**
   * As {@link #open(String)}, for hosts whose callers must not be kept waiting.
   *
   * @param patience how long commands may take; those of workers have ten seconds
   */
  public static RedisConnections open(String uri, Duration patience) {
    return new RedisConnections(RedisURI.create(uri), patience);
  }

  /** As {@link #open(String)}, for what a text cannot say. */
  public static RedisConnections open(RedisURI uri) {
    return new RedisConnections(uri, COMMAND_TIMEOUT);
  }

  /** Work that nobody waits for: a slow answer is better than none. */
  <T extends @Nullable Object> T patiently(Supplier<T> work) {
    return ScopedValue.where(PATIENCE, COMMAND_TIMEOUT).call(work::get);
  }

  /** One more connection, which the caller closes. */
  StatefulRedisConnection<byte[], byte[]> connect() {
    return client.connect(ByteArrayCodec.INSTANCE, uri);
  }

  /** For commands that are not scripts; wait for the answer with {@link #await}. */
  RedisAsyncCommands<byte[], byte[]> commands() {
    return shared.async();
  }

  @Nullable Object run(Call call) {
    return run(List.of(call)).getFirst();
  }

  /**
   * Runs scripts in this order: all are on their way before the first answer is waited for.
   *
   * @throws RedisException one of them has failed; others may have been carried out
   * @throws QueueUnavailableException an answer is lost or late; all may have been carried out
   */
  List<@Nullable Object> run(List<Call> calls) {
    if (calls.isEmpty()) {
      return List.of();
    }
    List<AsyncCommand<byte[], byte[], Object>> commands = calls.stream().map(Call::byHash).toList();
    shared.dispatch(commands);
    List<@Nullable Object> replies = new ArrayList<>();
    RuntimeException failure = null;
    for (int i = 0; i < commands.size(); i++) {
      try {
        replies.add(awaitOrRepeat(commands.get(i), calls.get(i)));
      } catch (RedisException | QueueUnavailableException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return replies;
  }

  private @Nullable Object awaitOrRepeat(AsyncCommand<byte[], byte[], Object> command, Call call) {
    try {
      return await(command, timeout());
    } catch (RedisNoScriptException e) {
      // The server is new to it, or has been restarted; nothing was done.
      AsyncCommand<byte[], byte[], Object> again = call.byText();
      shared.dispatch(again);
      return await(again, timeout());
    }
  }

  /**
   * Waits for an answer whether or not the thread is interrupted, which it remains: what was sent
   * is carried out all the same.
   *
   * @throws RedisException the command has failed
   * @throws QueueUnavailableException its answer is lost or late
   */
  <T> @Nullable T await(Future<T> answer) {
    return await(answer, timeout());
  }

  private Duration timeout() {
    return PATIENCE.orElse(patience);
  }

  private static <T> @Nullable T await(Future<T> answer, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new QueueUnavailableException("Redis has not answered within %s".formatted(timeout), e);
    } catch (CancellationException e) {
      throw new QueueUnavailableException("The connection to Redis was lost", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisNoScriptException unknown) {
        throw unknown;
      }
      throw failure(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A server that starts, fails over or has no memory left answers too. */
  private static RuntimeException failure(ExecutionException failed) {
    Throwable cause = failed.getCause();
    String message = String.valueOf(cause);
    boolean refused =
        cause instanceof RedisCommandExecutionException error
            && !String.valueOf(error.getMessage()).matches(AWAY);
    return refused
        ? new RedisException(message, cause)
        : new QueueUnavailableException(message, failed);
  }

  /** Closes the connections; queues that use them fail from then on. */
  @Override
  public void close() {
    client.shutdown(QUIET_PERIOD, SHUTDOWN_TIMEOUT);
  }
}
