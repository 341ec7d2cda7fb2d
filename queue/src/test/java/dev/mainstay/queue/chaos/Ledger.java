package dev.mainstay.queue.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the handlers of one process have done, a line each, apart from the queue. A line is in the
 * file when its method returns, however the process ends.
 */
final class Ledger {
  private final FileOutputStream out;

  Ledger(Path file) throws IOException {
    out = new FileOutputStream(file.toFile(), true);
  }

  /**
   * One line.
   *
   * @param end whether the handler was about to return
   * @param at of the clock that all processes of a machine share, in nanoseconds
   */
  record Entry(String jobId, long token, boolean end, long at) {}

  void begun(String jobId, long token) {
    write(new Entry(jobId, token, false, System.nanoTime()));
  }

  void ended(String jobId, long token) {
    write(new Entry(jobId, token, true, System.nanoTime()));
  }

  private synchronized void write(Entry entry) {
    String line = "%s %d %s %d%n".formatted(entry.jobId(), entry.token(), entry.end(), entry.at());
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Entry> read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", -1);
      // A kill may have cut the last line short.
      if (parts.length == 4) {
        entries.add(
            new Entry(
                parts[0],
                Long.parseLong(parts[1]),
                Boolean.parseBoolean(parts[2]),
                Long.parseLong(parts[3])));
      }
    }
    return entries;
  }
}
