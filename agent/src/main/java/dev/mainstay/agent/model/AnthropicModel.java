package dev.mainstay.agent.model;

import com.anthropic.backends.AnthropicBackend;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.LogLevel;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.Usage;
import dev.mainstay.agent.model.ModelException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The Anthropic Messages API through the vendor's Java SDK, streaming. The SDK makes the request
 * (authentication, headers, errors); the body is written and the event stream is read here, since
 * its own types drop what they do not know and take a stream that ends without {@code message_stop}
 * for a whole one.
 *
 * <p>Each call has a virtual thread of its own, so that it can be interrupted whatever thread it is
 * called from. Nothing is retried here.
 */
public final class AnthropicModel implements ModelClient, AutoCloseable {

  /** The most that one answer may take on the wire. */
  private static final long MAX_ANSWER_BYTES = 64L * 1024 * 1024;

  /** How long an interrupted call is waited for. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final int IDLE_TIMEOUTS_PER_LOOK = 5;

  private final AnthropicSettings settings;
  private final AnthropicClient client;
  private final RequestOptions options;

  public AnthropicModel(AnthropicSettings settings) {
    this.settings = settings;
    Timeout timeout =
        Timeout.builder()
            .connect(settings.connectTimeout())
            .read(settings.idleTimeout())
            .write(settings.idleTimeout())
            .request(Duration.ZERO)
            .build();
    AnthropicBackend.Builder backend = AnthropicBackend.builder().apiKey(settings.apiKey());
    settings.baseUrl().ifPresent(backend::baseUrl);
    AnthropicBackend configured = backend.build();
    ClientOptions clientOptions =
        ClientOptions.builder()
            .httpClient(new Transport(timeout, configured))
            .baseUrl(configured.baseUrl())
            .maxRetries(0)
            .timeout(timeout)
            .logLevel(LogLevel.OFF)
            .build();
    this.client = new AnthropicClientImpl(clientOptions);
    this.options = RequestOptions.builder().timeout(timeout).build();
  }

  @Override
  public boolean scripted() {
    return false;
  }

  /**
   * Makes one small call to a server within this process, so that the first real one finds its
   * classes loaded (a cold one takes seconds). Blocks; failing is harmless.
   */
  public void warm() {
    Warmup.run(settings);
  }

  @Override
  public Reply call(Request request, LiveListener live)
      throws ModelException, InterruptedException {
    Call call = new Call(request, live);
    FutureTask<Reply> task = new FutureTask<>(call::run);
    Thread thread = Thread.ofVirtual().name("model-call").start(task);
    try {
      return await(task, call);
    } catch (ExecutionException e) {
      throw unwrap(e.getCause(), call.usage());
    } catch (TimeoutException e) {
      call.giveUp(thread);
      throw retryable(String.valueOf(e.getMessage()), call.usage(), null);
    } catch (InterruptedException e) {
      call.giveUp(thread);
      throw new ModelInterruptedException(call.usage());
    }
  }

  /**
   * A connection that is silent ends by itself. One that only says that it lives does not, and is
   * looked at once in so many idle timeouts: something must have come since the last look.
   */
  private Reply await(FutureTask<Reply> task, Call call)
      throws ExecutionException, TimeoutException, InterruptedException {
    long end = System.nanoTime() + settings.callTimeout().toNanos();
    long look = settings.idleTimeout().multipliedBy(IDLE_TIMEOUTS_PER_LOOK).toNanos();
    while (true) {
      int parts = call.parts();
      long left = end - System.nanoTime();
      try {
        return task.get(Math.min(left, look), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (left <= look) {
          throw new TimeoutException(
              "The call took longer than %d s".formatted(settings.callTimeout().toSeconds()));
        }
        if (call.parts() == parts) {
          throw new TimeoutException(
              "The answer brought nothing but signs of life for %d s"
                  .formatted(Duration.ofNanos(look).toSeconds()));
        }
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** One call, from its request to its last event. */
  private final class Call {
    private final Request request;
    private final StreamedMessage message;
    private volatile boolean givenUp;

    Call(Request request, LiveListener live) {
      this.request = request;
      this.message =
          new StreamedMessage(
              delta -> {
                if (!givenUp) {
                  live.delta(delta);
                }
              });
    }

    Usage usage() {
      return message.usage();
    }

    int parts() {
      return message.parts();
    }

    void giveUp(Thread thread) {
      givenUp = true;
      thread.interrupt();
      try {
        boolean unused = thread.join(GRACE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    Reply run() throws ModelException {
      return ScopedValue.where(Transport.BODY, WireRequest.body(request, settings.thinking()))
          .call(this::stream);
    }

    private Reply stream() throws ModelException {
      try (HttpResponse response =
          client
              .messages()
              .withRawResponse()
              .createStreaming(WireRequest.outline(request), options)) {
        SseReader events = new SseReader(response.body(), MAX_ANSWER_BYTES);
        for (String data = events.next(); data != null; data = events.next()) {
          message.accept(data);
          if (message.stopped()) {
            return message.reply(request.model());
          }
        }
        throw retryable("The answer ended before its end (no message_stop)", usage(), null);
      } catch (AnthropicServiceException e) {
        throw ApiErrors.of(e, this::redact);
      } catch (StreamedMessage.StreamErrorException e) {
        throw ApiErrors.of(e, usage(), this::redact);
      } catch (StreamedMessage.GarbledException e) {
        throw retryable(String.valueOf(e.getMessage()), usage(), null);
      } catch (IOException | AnthropicException e) {
        throw retryable("The connection failed: " + redact(innermost(e)), usage(), null);
      }
    }

    private String redact(String text) {
      return text.replace(settings.apiKey(), "[redacted]");
    }
  }

  private static ModelException unwrap(@Nullable Throwable failure, Usage usage) {
    return switch (failure) {
      case ModelException e -> e;
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case null, default -> retryable("The call failed", usage, failure);
    };
  }

  private static ModelException retryable(String message, Usage usage, @Nullable Throwable cause) {
    return new ModelException(Kind.RETRYABLE, message, usage, Optional.empty(), cause);
  }

  /** The text of the failure at the bottom, which names the reason best. */
  private static String innermost(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null && inner.getCause() != inner) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : message;
  }
}
