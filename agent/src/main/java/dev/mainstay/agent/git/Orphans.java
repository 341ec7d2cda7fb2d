package dev.mainstay.agent.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Ends a git that outlived the server that started it. Called under the lock that the server had
 * held, so a process whose id is still on file is nobody else's.
 */
final class Orphans {
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  private Orphans() {}

  static void end(Path pidFile) {
    try {
      long pid = Long.parseLong(Files.readString(pidFile, StandardCharsets.US_ASCII).strip());
      Instant written = Files.getLastModifiedTime(pidFile).toInstant();
      ProcessHandle.of(pid)
          .filter(process -> isThatGit(process, written))
          .ifPresent(Processes::kill);
      Files.deleteIfExists(pidFile);
    } catch (IOException | NumberFormatException e) {
      // No file, or one cut off before a process was started in earnest: nobody to end.
    }
  }

  /** The id may have gone to another process since. */
  private static boolean isThatGit(ProcessHandle process, Instant written) {
    ProcessHandle.Info info = process.info();
    return info.command().filter(command -> command.matches(".*/(git|sh|dash|bash)")).isPresent()
        && info.startInstant()
            .filter(start -> Duration.between(start, written).abs().compareTo(TOLERANCE) < 0)
            .isPresent();
  }
}
