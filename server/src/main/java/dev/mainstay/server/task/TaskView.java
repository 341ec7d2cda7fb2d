package dev.mainstay.server.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as the API shows it.
 *
 * @param scripted the built-in scripted model plays here, no real one
 * @param attempt 1, and one more for each retry
 * @param pendingReview what waits for a decision, while the status is {@code waiting}
 */
record TaskView(
    String id,
    TaskStatus status,
    String repoUrl,
    String prompt,
    String agent,
    String model,
    boolean scripted,
    CreateTask.TaskPriority priority,
    @Nullable String baseBranch,
    @Nullable String branch,
    CreateTask.Push push,
    CreateTask.Review review,
    CreateTask.Limits limits,
    @Nullable Instant notBefore,
    @Nullable JsonNode metadata,
    int attempt,
    UsageView usage,
    @Nullable ResultView result,
    @Nullable ErrorView error,
    @Nullable PendingReview pendingReview,
    @Nullable String baseCommit,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  /**
   * All model calls of the task so far, failed and cut ones included.
   *
   * @param costUsd absent if a model without a known price was called
   */
  record UsageView(
      long inputTokens,
      long outputTokens,
      long cacheReadTokens,
      long cacheWriteTokens,
      @Nullable BigDecimal costUsd,
      int modelCalls,
      int turns) {}

  /**
   * What a task that succeeded left: branch and commit are absent if nothing was changed or pushed.
   */
  record ResultView(@Nullable String branch, @Nullable String commit, String summary) {}

  /** Why a task failed. */
  record ErrorView(String code, String message) {}

  /** The change that waits for approval. */
  record PendingReview(String id, String commit, String diffHash, Instant since) {}
}
