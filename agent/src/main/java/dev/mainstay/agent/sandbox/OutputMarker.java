package dev.mainstay.agent.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the end marker, a zero byte and a nonce, in a stream that is cut anywhere. */
final class OutputMarker {
  private final byte[] marker;
  private int matched;

  OutputMarker(String nonce) {
    marker = ("\0" + nonce).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Passes what is output to {@code capture}.
   *
   * @return whether the marker was found; what follows it in {@code bytes} is dropped
   */
  boolean scan(byte[] bytes, int length, OutputCapture capture) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (matched == 0 && bytes[i] != 0) {
        continue;
      }
      if (matched == 0) {
        capture.append(bytes, start, i - start);
      }
      if (bytes[i] == marker[matched]) {
        start = i + 1;
        if (++matched == marker.length) {
          return true;
        }
      } else {
        // The nonce holds no zero byte, so only this byte can begin another marker.
        capture.append(marker, 0, matched);
        matched = bytes[i] == 0 ? 1 : 0;
        start = i + matched;
      }
    }
    if (matched == 0) {
      capture.append(bytes, start, length - start);
    }
    return false;
  }

  /** What looked like the marker and was not, when the stream ends. */
  void finish(OutputCapture capture) {
    capture.append(Arrays.copyOf(marker, matched), 0, matched);
  }
}
