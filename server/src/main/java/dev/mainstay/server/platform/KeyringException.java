package dev.mainstay.server.platform;

/**
 * A sealed value cannot be opened: it was changed, belongs elsewhere, or its key is not here. Says
 * nothing of the value.
 */
public final class KeyringException extends RuntimeException {
  KeyringException() {
    super("A sealed value cannot be opened");
  }
}
