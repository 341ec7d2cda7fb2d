package dev.mainstay.server.platform;

/** A setting has a wrong value. The message is one sentence for the operator. */
public final class SettingException extends RuntimeException {
  public SettingException(String message) {
    super(message);
  }
}
