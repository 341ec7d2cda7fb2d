package dev.mainstay.server.platform;

/** Text that did not come through the API, as both databases can store it. */
public final class StoredText {
  private StoredText() {}

  /** PostgreSQL's text has no NUL; what a program or a model says may. U+FFFD stands for it. */
  public static String of(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }
}
