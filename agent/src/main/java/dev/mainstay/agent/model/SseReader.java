package dev.mainstay.agent.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (WHATWG HTML, section 9.2), as far as the Messages API uses them: the data of
 * each event. Lines end with LF, CR, or both. An event that the stream's end cuts is dropped, as
 * the standard says.
 */
final class SseReader {
  private static final int BUFFER = 8 * 1024;

  private final InputStream in;
  private final long maxBytes;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;
  private long total;
  private boolean skipLineFeed;

  /**
   * @param maxBytes the most that the whole stream may hold
   */
  SseReader(InputStream in, long maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** The next event's data, or null at the stream's end. */
  @Nullable String next() throws IOException {
    StringBuilder data = null;
    while (true) {
      String line = line();
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        if (data != null) {
          return data.toString();
        }
        continue;
      }
      if (line.startsWith("data:") || line.equals("data")) {
        String value = line.length() > 5 ? line.substring(5) : "";
        if (value.startsWith(" ")) {
          value = value.substring(1);
        }
        data = data == null ? new StringBuilder(value) : data.append('\n').append(value);
      }
    }
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (true) {
      if (position == limit && !fill()) {
        return null;
      }
      if (skipLineFeed) {
        skipLineFeed = false;
        if (buffer[position] == '\n') {
          position++;
          continue;
        }
      }
      int start = position;
      while (position < limit && buffer[position] != '\n' && buffer[position] != '\r') {
        position++;
      }
      line.write(buffer, start, position - start);
      if (position < limit) {
        skipLineFeed = buffer[position] == '\r';
        position++;
        return line.toString(StandardCharsets.UTF_8);
      }
    }
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer);
    if (read < 0) {
      return false;
    }
    position = 0;
    limit = read;
    total += read;
    if (total > maxBytes) {
      throw new IOException("The answer is longer than " + maxBytes + " bytes");
    }
    return true;
  }
}
