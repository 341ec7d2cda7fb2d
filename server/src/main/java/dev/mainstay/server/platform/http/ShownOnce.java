package dev.mainstay.server.platform.http;

/** An answer with a secret in it that is shown this one time and never stored. */
public interface ShownOnce {

  /** What a repeated request with the same {@code Idempotency-Key} gets. */
  Object withoutSecret();
}
