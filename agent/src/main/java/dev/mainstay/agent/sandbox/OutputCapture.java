package dev.mainstay.agent.sandbox;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Keeps the head and the tail of one command's output as clean text. However much is written, it
 * holds {@code cap} characters and one live chunk. Not safe for concurrent use; its owner locks.
 */
final class OutputCapture {
  private static final int LIVE_CHUNK = 8192;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final CharBuffer decoded = CharBuffer.allocate(4096);
  private final ByteBuffer partial = ByteBuffer.allocate(8);
  private final TerminalText terminal = new TerminalText();
  private final StringBuilder cleaned = new StringBuilder();
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder live = new StringBuilder();
  private final char[] tail;
  private final int headCap;
  private long afterHead;
  private long liveTotal;

  OutputCapture(int cap) {
    headCap = cap / 2;
    tail = new char[cap - headCap];
  }

  void append(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    // The start of a character that the last chunk cut in two is completed byte by byte.
    while (partial.position() > 0 && at < end) {
      partial.put(bytes[at++]);
      partial.flip();
      decode(partial, false);
      partial.compact();
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, at, end - at);
    decode(rest, false);
    partial.put(rest);
  }

  void finish() {
    partial.flip();
    decode(partial, true);
    while (decoder.flush(decoded).isOverflow()) {
      drain();
    }
    drain();
    terminal.finish(cleaned);
    keep();
  }

  /** What came since the last call, at most one chunk, or an empty text. */
  String takeLive() {
    String chunk = live.toString();
    live.setLength(0);
    return chunk;
  }

  boolean hasLive() {
    return !live.isEmpty();
  }

  String text() {
    if (afterHead <= tail.length) {
      return head + new String(tail, 0, (int) afterHead);
    }
    long dropped = afterHead - tail.length;
    int start = (int) (afterHead % tail.length);
    StringBuilder text = new StringBuilder(head);
    if (Character.isHighSurrogate(text.charAt(text.length() - 1))) {
      text.setLength(text.length() - 1);
    }
    text.append(String.format(Locale.ROOT, "\n[... %,d characters cut ...]\n", dropped));
    if (Character.isLowSurrogate(tail[start])) {
      start++;
      return text.append(tail, start, tail.length - start).append(tail, 0, start - 1).toString();
    }
    return text.append(tail, start, tail.length - start).append(tail, 0, start).toString();
  }

  private void decode(ByteBuffer bytes, boolean end) {
    while (decoder.decode(bytes, decoded, end).isOverflow()) {
      drain();
    }
    drain();
  }

  private void drain() {
    decoded.flip();
    while (decoded.hasRemaining()) {
      terminal.accept(decoded.get(), cleaned);
    }
    decoded.clear();
    keep();
  }

  private void keep() {
    for (int i = 0; i < cleaned.length(); i++) {
      char c = cleaned.charAt(i);
      if (head.length() < headCap) {
        head.append(c);
      } else {
        tail[(int) (afterHead++ % tail.length)] = c;
      }
    }
    // Watching is bounded like the result: the first characters up to the cap, and no more.
    int room = (int) Math.min(LIVE_CHUNK - live.length(), headCap + tail.length - liveTotal);
    int shown = Math.min(Math.max(room, 0), cleaned.length());
    live.append(cleaned, 0, shown);
    liveTotal += shown;
    cleaned.setLength(0);
  }
}
