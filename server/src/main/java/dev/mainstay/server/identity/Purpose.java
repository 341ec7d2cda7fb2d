package dev.mainstay.server.identity;

import java.time.Duration;
import java.util.Locale;

/** What something is proved for, and for how long what was sent is good. */
enum Purpose {
  VERIFY_EMAIL(Duration.ofHours(24)),
  /** The old address agrees to a new one, which is asked next. */
  CONFIRM_NEW_EMAIL(Duration.ofHours(1)),
  VERIFY_NEW_EMAIL(Duration.ofHours(1)),
  /** The former address takes a change back. */
  RESTORE_EMAIL(Duration.ofDays(7)),
  RESET_PASSWORD(Duration.ofHours(1)),
  DELETE_ACCOUNT(Duration.ofHours(24)),
  MAGIC_LINK(Duration.ofMinutes(15)),
  CODE_SIGN_IN(Duration.ofMinutes(5)),
  CODE_VERIFY_EMAIL(Duration.ofMinutes(5)),
  CODE_RESET_PASSWORD(Duration.ofMinutes(5)),
  CODE_CHANGE_EMAIL(Duration.ofMinutes(5)),
  CODE_TWO_FACTOR(Duration.ofMinutes(5));

  private final Duration life;

  Purpose(Duration life) {
    this.life = life;
  }

  Duration life() {
    return life;
  }

  /** As it is stored. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
