package dev.mainstay.agent.tool;

/** Small helpers for text that goes to a model and to a browser. */
final class Text {
  private static final int BINARY_SAMPLE = 8000;

  private Text() {}

  /** Shows control characters as pictures (U+2400 and up), so that no terminal obeys them. */
  static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 && c != '\t' && c != '\n') {
        shown.append((char) (0x2400 + c));
      } else if (c == 0x7f) {
        shown.append('\u2421');
      } else if (c >= 0x80 && c <= 0x9f) {
        shown.append('\ufffd');
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  /** The first {@code length} characters, never half of one. */
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }

  /** Whether it is not text, by git's rule: a zero byte near the start. */
  static boolean isBinary(byte[] bytes, int length) {
    for (int i = 0; i < Math.min(length, BINARY_SAMPLE); i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }

  static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
