package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who may become a user by themselves. */
public enum SignUpMode {
  /** Everybody. */
  OPEN,
  /** Whoever has an invitation to an organization. */
  INVITED,
  /** Nobody: administrators make users. */
  CLOSED;

  /** As it is configured and shown. */
  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
