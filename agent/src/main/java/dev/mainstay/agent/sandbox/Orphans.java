package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds processes that a server which no longer runs has left, by the mark in their environment.
 */
final class Orphans {
  private static final String MARK = ShellEnvironment.OWNER + "=";

  private Orphans() {}

  /** Kills them; returns how many there were. */
  static int kill() {
    int killed = 0;
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      Optional<String> owner = owner(process.pid());
      if (owner.isPresent() && !ServerProcess.isAlive(owner.get())) {
        killed += process.destroyForcibly() ? 1 : 0;
      }
    }
    return killed;
  }

  private static Optional<String> owner(long pid) {
    try {
      byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
      return Arrays.stream(new String(environment, StandardCharsets.ISO_8859_1).split("\0", -1))
          .filter(variable -> variable.startsWith(MARK))
          .map(variable -> variable.substring(MARK.length()))
          .findFirst();
    } catch (IOException goneOrForeign) {
      return Optional.empty();
    }
  }
}
