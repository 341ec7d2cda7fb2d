package dev.mainstay.agent;

/** Text that can be written as UTF-8. */
final class Texts {
  private Texts() {}

  /**
   * Replaces surrogates that stand alone: a cut through a character would make every later request
   * fail to encode.
   */
  static String sound(String text) {
    StringBuilder copy = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        if (copy == null) {
          copy = new StringBuilder(text);
        }
        copy.setCharAt(i, '\uFFFD');
      }
    }
    return copy == null ? text : copy.toString();
  }
}
