package dev.mainstay.server.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a task, and which may follow which. */
enum TaskStatus {
  QUEUED,
  RUNNING,
  WAITING,
  SUCCEEDED,
  FAILED,
  CANCELED;

  /** The one table of transitions. */
  Set<TaskStatus> next() {
    return switch (this) {
      case QUEUED -> EnumSet.of(RUNNING, CANCELED);
      case RUNNING -> EnumSet.of(WAITING, SUCCEEDED, FAILED, CANCELED);
      case WAITING -> EnumSet.of(QUEUED, CANCELED);
      case FAILED, CANCELED -> EnumSet.of(QUEUED);
      case SUCCEEDED -> EnumSet.noneOf(TaskStatus.class);
    };
  }

  boolean terminal() {
    return switch (this) {
      case SUCCEEDED, FAILED, CANCELED -> true;
      case QUEUED, RUNNING, WAITING -> false;
    };
  }

  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static TaskStatus of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
