package dev.mainstay.server.cli;

/** A command failed for a reason that one sentence explains. */
final class CommandFailedException extends RuntimeException {
  CommandFailedException(String message) {
    super(message);
  }
}
