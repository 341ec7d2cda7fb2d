package dev.mainstay.server.platform;

/** A configured secret. Shows nothing of itself unless it is asked by name. */
public record Secret(String reveal) {

  @Override
  public String toString() {
    return "[redacted]";
  }
}
