package dev.mainstay.server.task;

import dev.mainstay.server.platform.Json;
import dev.mainstay.server.schema.tables.records.ReviewsRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns rows into what the API shows. */
final class TaskViews {
  private TaskViews() {}

  static TaskView view(TasksRecord row, Optional<ReviewsRecord> review) {
    TaskStatus status = TaskStatus.of(row.getStatus());
    return new TaskView(
        row.getId(),
        status,
        row.getRepoUrl(),
        row.getPrompt(),
        row.getAgent(),
        row.getModel(),
        row.getScripted(),
        CreateTask.TaskPriority.valueOf(row.getPriority()),
        row.getBaseBranch(),
        row.getBranch(),
        CreateTask.Push.valueOf(row.getPush()),
        CreateTask.Review.valueOf(row.getReview()),
        new CreateTask.Limits(
            row.getMaxTurns(),
            row.getMaxTokens(),
            row.getMaxCostUsd(),
            row.getMaxDurationSeconds()),
        row.getNotBefore(),
        row.getMetadata() == null ? null : Json.read(row.getMetadata()),
        row.getAttempt(),
        usage(row),
        result(status, row),
        error(status, row),
        status == TaskStatus.WAITING ? review.map(TaskViews::pending).orElse(null) : null,
        row.getBaseCommit(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getStartedAt(),
        row.getFinishedAt());
  }

  static TaskView.UsageView usage(TasksRecord row) {
    return new TaskView.UsageView(
        row.getInputTokens(),
        row.getOutputTokens(),
        row.getCacheReadTokens(),
        row.getCacheWriteTokens(),
        row.getCostKnown() ? row.getCostUsd() : null,
        row.getModelCalls(),
        row.getTurns());
  }

  static TaskView.@Nullable ResultView result(TaskStatus status, TasksRecord row) {
    return status == TaskStatus.SUCCEEDED
        ? new TaskView.ResultView(
            row.getResultBranch(),
            row.getResultCommit(),
            Optional.ofNullable(row.getSummary()).orElse(""))
        : null;
  }

  static TaskView.@Nullable ErrorView error(TaskStatus status, TasksRecord row) {
    return status == TaskStatus.FAILED || status == TaskStatus.CANCELED
        ? new TaskView.ErrorView(
            Optional.ofNullable(row.getErrorCode()).orElse(status.name().toLowerCase(Locale.ROOT)),
            Optional.ofNullable(row.getErrorMessage()).orElse(""))
        : null;
  }

  private static TaskView.PendingReview pending(ReviewsRecord row) {
    return new TaskView.PendingReview(
        row.getId(), row.getCommitId(), row.getDiffHash(), row.getCreatedAt());
  }
}
