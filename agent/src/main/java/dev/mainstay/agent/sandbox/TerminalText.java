package dev.mainstay.agent.sandbox;

/**
 * Turns what a terminal would interpret into plain text, as a stream: escape sequences (ECMA-48)
 * and control characters vanish, a carriage return becomes a line end.
 */
final class TerminalText {
  /** A control string that never ends must not swallow the rest of the output. */
  private static final int LONGEST_SEQUENCE = 4096;

  private static final char ESCAPE = 0x1b;
  private static final char BELL = 0x07;

  private enum State {
    TEXT,
    ESCAPE,
    CONTROL_SEQUENCE,
    CONTROL_STRING,
    CONTROL_STRING_ESCAPE
  }

  private State state = State.TEXT;
  private int sequenceLength;
  private boolean afterReturn;

  /** Appends what remains of one character to {@code out}: nothing, or one or two characters. */
  void accept(char c, StringBuilder out) {
    if (state != State.TEXT && ++sequenceLength > LONGEST_SEQUENCE) {
      state = State.TEXT;
    }
    switch (state) {
      case TEXT -> text(c, out);
      case ESCAPE -> state = afterEscape(c);
      case CONTROL_SEQUENCE -> {
        if (c == ESCAPE) {
          state = State.ESCAPE;
        } else if (c >= 0x40 && c <= 0x7e) {
          state = State.TEXT;
        } else if (c == '\n') {
          state = State.TEXT;
          text(c, out);
        }
      }
      case CONTROL_STRING -> {
        if (c == BELL || c == 0x9c) {
          state = State.TEXT;
        } else if (c == ESCAPE) {
          state = State.CONTROL_STRING_ESCAPE;
        }
      }
      case CONTROL_STRING_ESCAPE -> state = c == '\\' ? State.TEXT : afterEscape(c);
    }
  }

  /** Completes a carriage return at the end of the stream. */
  void finish(StringBuilder out) {
    if (afterReturn) {
      out.append('\n');
      afterReturn = false;
    }
  }

  static String clean(String raw) {
    TerminalText text = new TerminalText();
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      text.accept(raw.charAt(i), out);
    }
    text.finish(out);
    return out.toString();
  }

  private void text(char c, StringBuilder out) {
    if (c == '\n') {
      afterReturn = false;
      out.append(c);
      return;
    }
    finish(out);
    if (c == '\r') {
      afterReturn = true;
    } else if (c == ESCAPE) {
      begin(State.ESCAPE);
    } else if (c == 0x9b) {
      begin(State.CONTROL_SEQUENCE);
    } else if (c == '\t' || (c >= 0x20 && c < 0x7f) || c > 0x9f) {
      out.append(c);
    }
  }

  private void begin(State next) {
    state = next;
    sequenceLength = 0;
  }

  private static State afterEscape(char c) {
    return switch (c) {
      case '[' -> State.CONTROL_SEQUENCE;
      case ']', 'P', 'X', '^', '_' -> State.CONTROL_STRING;
      case ESCAPE -> State.ESCAPE;
      // Intermediates, such as in ESC ( B, come before the final character.
      case ' ', '!', '"', '#', '$', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/' ->
          State.ESCAPE;
      default -> State.TEXT;
    };
  }
}
