package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a command's standard error: progress goes to a listener, the rest is kept, bounded. */
final class ErrorTail {
  private static final int MAX_LINE = 1000;
  private static final int MAX_KEPT = 16_000;
  private static final Pattern PROGRESS =
      Pattern.compile("(remote: )?[A-Z][A-Za-z ]+: +([0-9]+% .*|[0-9]+(, done.*)?)");

  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Logger log = LoggerFactory.getLogger(ErrorTail.class);

  private final Consumer<String> progress;
  private final StringBuilder kept = new StringBuilder();
  private boolean told;
  private long lastTold;

  ErrorTail(Consumer<String> progress) {
    this.progress = progress;
  }

  boolean read(InputStream error) throws IOException {
    StringBuilder line = new StringBuilder();
    byte[] buffer = new byte[4096];
    for (int n = error.read(buffer); n >= 0; n = error.read(buffer)) {
      // A character cut at the buffer's end only spoils itself.
      String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\n' || c == '\r') {
          end(line);
        } else if (line.length() < MAX_LINE) {
          line.append(c);
        }
      }
    }
    end(line);
    return true;
  }

  private synchronized void end(StringBuilder line) {
    String text = line.toString().strip();
    line.setLength(0);
    if (text.isEmpty()) {
      return;
    }
    if (PROGRESS.matcher(text).matches()) {
      tell(text);
      return;
    }
    kept.append(text).append('\n');
    if (kept.length() > MAX_KEPT) {
      kept.delete(0, kept.length() - MAX_KEPT);
    }
  }

  /** Git writes a line for every hundredth; a listener's failure is not git's. */
  private void tell(String line) {
    long now = System.nanoTime();
    if (told && now - lastTold < INTERVAL.toNanos()) {
      return;
    }
    told = true;
    lastTold = now;
    try {
      progress.accept(line);
    } catch (RuntimeException e) {
      log.debug("A listener for git's progress failed", e);
    }
  }

  synchronized String text() {
    return kept.toString();
  }
}
