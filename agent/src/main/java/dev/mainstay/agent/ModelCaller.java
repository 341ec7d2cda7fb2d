package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.agent.model.ModelClient.Reply;
import dev.mainstay.agent.model.ModelClient.Request;
import dev.mainstay.agent.model.ModelException;
import dev.mainstay.agent.model.ModelInterruptedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one model call, again and again until it brings a message that may be committed. Every
 * attempt that brought none is recorded with what it cost.
 */
final class ModelCaller {
  private static final Logger log = LoggerFactory.getLogger(ModelCaller.class);

  /** The same conversation tends to bring the same emptiness, so this stays small. */
  private static final int MAX_EMPTY_REPLIES = 3;

  private static final String NUDGE =
      "Your last answer was empty. Go on with the next step; if all is done, say so in one"
          + " sentence.";

  private final ModelClient client;
  private final LoopSettings.Retry retry;
  private final RunLog runLog;
  private final Budget budget;
  private final Deadline deadline;
  private final Costs costs;
  private final LiveListener live;
  private final InstantSource clock;
  private final Waits waits;
  private final RandomGenerator random;

  ModelCaller(
      ModelClient client,
      LoopSettings.Retry retry,
      RunLog runLog,
      Budget budget,
      Deadline deadline,
      Costs costs,
      LiveListener live,
      InstantSource clock,
      Waits waits,
      RandomGenerator random) {
    this.client = client;
    this.retry = retry;
    this.runLog = runLog;
    this.budget = budget;
    this.deadline = deadline;
    this.costs = costs;
    this.live = live;
    this.clock = clock;
    this.waits = waits;
    this.random = random;
  }

  /** How a call ended, all attempts together. */
  sealed interface Result {

    /** A message that may be committed; its cost is not yet recorded. */
    record Answered(List<ObjectNode> content, Journal.ModelCall call) implements Result {}

    /** The request is longer than the model's window. */
    record TooLong(String message) implements Result {}

    /** The run must not go on. */
    record Stopped(RunOutcome.Failed failure) implements Result {}
  }

  Result call(Request request) throws InterruptedException {
    Instant first = clock.instant();
    int emptyReplies = 0;
    for (int attempt = 1; ; attempt++) {
      Optional<RunOutcome.Failed> exceeded = budget.exceeded();
      if (exceeded.isPresent()) {
        return new Result.Stopped(exceeded.get());
      }
      Attempt made = attempt(emptyReplies > 1 ? nudged(request) : request);
      switch (made) {
        case Attempt.Ended ended -> {
          return ended.result();
        }
        case Attempt.Failed failed -> {
          if (failed.empty() && ++emptyReplies >= MAX_EMPTY_REPLIES) {
            return stopped(
                "model_error", "The model answered with nothing %d times.".formatted(attempt));
          }
          Duration wait = delay(attempt, failed.retryAfter());
          Instant next = clock.instant().plus(wait);
          if (attempt >= retry.maxAttempts() || next.isAfter(first.plus(retry.window()))) {
            return stopped(
                "model_error",
                "The model call failed %d times, last with: %s"
                    .formatted(attempt, failed.message()));
          }
          log.info("Model call failed ({}), again in {}", failed.message(), wait);
          announce(attempt, wait, failed.message());
          waits.await(min(wait, deadline.remaining()));
        }
      }
    }
  }

  private sealed interface Attempt {
    record Ended(Result result) implements Attempt {}

    record Failed(String message, Optional<Duration> retryAfter, boolean empty)
        implements Attempt {}
  }

  private Attempt attempt(Request request) throws InterruptedException {
    long start = System.nanoTime();
    try (Work<Reply> work = new Work<>()) {
      work.begin("model", () -> client.call(request, live));
      Optional<Work.Done<Reply>> done = work.next(deadline.remaining());
      if (done.isEmpty()) {
        record(request, spent(work.giveUp()), "max_duration", start);
        return ended(new Result.Stopped(budget.durationExceeded()));
      }
      Reply reply = done.get().value();
      if (reply != null) {
        return judge(request, reply, start);
      }
      Throwable failure = done.get().failure();
      if (failure instanceof ModelException e) {
        return failed(request, e, start);
      }
      throw Failures.unexpected(failure);
    }
  }

  private Attempt judge(Request request, Reply reply, long start) throws InterruptedException {
    Replies.Verdict verdict = Replies.check(reply);
    switch (verdict) {
      case GOOD -> {
        Journal.ModelCall call =
            modelCall(request, reply.model(), reply.usage(), reply.stopReason(), start);
        return ended(new Result.Answered(Replies.normalized(reply), call));
      }
      case REFUSED -> {
        record(request, reply.usage(), "refusal", start);
        return ended(
            stopped("model_refused", "The model %s refused to go on.".formatted(reply.model())));
      }
      case EMPTY -> {
        record(request, reply.usage(), "empty", start);
        return new Attempt.Failed("an empty answer", Optional.empty(), true);
      }
      case MALFORMED -> {
        record(request, reply.usage(), "malformed", start);
        return new Attempt.Failed(
            "an answer with a tool call that has no name or no id of its own",
            Optional.empty(),
            false);
      }
    }
    throw new IllegalStateException();
  }

  private Attempt failed(Request request, ModelException e, long start)
      throws InterruptedException {
    record(request, e.usage(), e.kind().name().toLowerCase(Locale.ROOT), start);
    String message = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case RETRYABLE -> new Attempt.Failed(message, e.retryAfter(), false);
      case CONTEXT_OVERFLOW -> ended(new Result.TooLong(message));
      case PERMANENT ->
          ended(stopped("model_error", "The model call failed: %s".formatted(message)));
    };
  }

  /** Records what an attempt cost that brought nothing to commit. */
  void record(Request request, Usage usage, String reason, long start) throws InterruptedException {
    runLog.recordFailedCall(modelCall(request, request.model(), usage, reason, start));
  }

  private Journal.ModelCall modelCall(
      Request request, String answered, Usage usage, String reason, long start) {
    return new Journal.ModelCall(
        answered,
        usage,
        costs.of(request.model(), answered, usage),
        reason,
        Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  private static Usage spent(List<Work.Done<Reply>> ended) {
    Usage usage = Usage.NONE;
    for (Work.Done<Reply> done : ended) {
      Reply reply = done.value();
      if (reply != null) {
        usage = usage.plus(reply.usage());
      } else if (done.failure() instanceof ModelInterruptedException e) {
        usage = usage.plus(e.usage());
      } else if (done.failure() instanceof ModelException e) {
        usage = usage.plus(e.usage());
      }
    }
    return usage;
  }

  private Duration delay(int attempt, Optional<Duration> retryAfter) {
    // 2^20 base delays are more than any cap.
    Duration grown = retry.baseDelay().multipliedBy(1L << Math.min(20, attempt - 1));
    double ceiling = (double) min(grown, retry.maxDelay()).toMillis();
    Duration jittered = Duration.ofMillis((long) (random.nextDouble() * ceiling));
    return retryAfter
        .map(asked -> min(asked, retry.maxRetryAfter()).plus(jittered))
        .orElse(jittered);
  }

  private void announce(int attempt, Duration wait, String message) {
    live.delta(
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "retry")
            .put("text", message)
            .put("index", attempt)
            .put("waitMillis", wait.toMillis()));
  }

  /** The request with a word added to its last message; on the wire only. */
  private static Request nudged(Request request) {
    return Conversations.withText(request, NUDGE);
  }

  private static Attempt ended(Result result) {
    return new Attempt.Ended(result);
  }

  private static Result stopped(String code, String message) {
    return new Result.Stopped(new RunOutcome.Failed(code, message));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
