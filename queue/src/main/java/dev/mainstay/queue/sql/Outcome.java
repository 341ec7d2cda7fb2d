package dev.mainstay.queue.sql;

import dev.mainstay.queue.Limits;
import dev.mainstay.queue.TaskQueue;

/** How an attempt ended. */
sealed interface Outcome {

  /**
   * @param value within its limit, or empty
   */
  record Completed(String value) implements Outcome {}

  /**
   * @param reason within its limit
   * @param last true if no further attempt may be made
   */
  record Failed(String reason, boolean last) implements Outcome {}

  /** Given back, as if it had not been taken. */
  record Released() implements Outcome {}

  static Outcome returned(String value) {
    try {
      Limits.bytes("The return value", value, TaskQueue.MAX_RETURN_VALUE_BYTES);
      return new Completed(value);
    } catch (IllegalArgumentException e) {
      // The next attempt would return the same.
      return new Failed(String.valueOf(e.getMessage()), true);
    }
  }

  static Outcome thrown(Throwable error, boolean last) {
    String message = error.getMessage();
    String reason = message == null || message.isBlank() ? error.getClass().getName() : message;
    return new Failed(Limits.cut(reason, TaskQueue.MAX_FAILED_REASON_BYTES), last);
  }
}
