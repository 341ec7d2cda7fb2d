package dev.mainstay.server.queue;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.mainstay.queue.TaskQueue;
import java.util.Locale;

/** What can be done to many jobs, and in which states they can be. */
enum BulkActionType {
  /** Makes them wait again. */
  RETRY,
  /** Makes them wait now. */
  PROMOTE,
  /** Fails those that wait, and interrupts those that are active. */
  CANCEL,
  REMOVE;

  boolean allows(JobStateName state) {
    return switch (this) {
      case RETRY -> state.state().finished();
      case PROMOTE -> state == JobStateName.DELAYED;
      case CANCEL ->
          state == JobStateName.ACTIVE
              || state == JobStateName.WAITING
              || state == JobStateName.DELAYED;
      case REMOVE -> state != JobStateName.ACTIVE;
    };
  }

  /**
   * @throws dev.mainstay.queue.JobNotFoundException the job is gone
   * @throws dev.mainstay.queue.JobStateException its state is another one now
   */
  void apply(TaskQueue queue, String id, String reason) {
    switch (this) {
      case RETRY -> queue.retry(id);
      case PROMOTE -> queue.promote(id);
      case CANCEL -> queue.cancel(id, reason);
      case REMOVE -> queue.remove(id);
    }
  }

  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static BulkActionType of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
