package dev.mainstay.server.queue;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a bulk action is. */
enum BulkActionStatus {
  QUEUED,
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELED;

  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static BulkActionStatus of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
