package dev.mainstay.agent.tool;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that cannot run away: the text that it reads counts the steps, and ends the
 * match when the deadline is over or the thread is interrupted.
 */
final class BoundedMatcher {
  private static final int MAX_PATTERN = 1000;
  private static final int STEPS_BETWEEN_CHECKS = 4096;

  private final Pattern pattern;
  private final Deadline deadline;
  private int steps;

  BoundedMatcher(String regex, Deadline deadline) throws ToolFailure {
    if (regex.isEmpty() || regex.length() > MAX_PATTERN) {
      throw new ToolFailure("The pattern must have 1 to " + MAX_PATTERN + " characters.");
    }
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new ToolFailure(
          "The pattern is not a valid Java regular expression: " + e.getDescription() + ".");
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
    this.deadline = deadline;
  }

  /** Whether the pattern occurs; after the deadline, false. */
  boolean find(CharSequence text) throws ToolFailure, InterruptedException {
    try {
      return pattern.matcher(new Counted(text)).find();
    } catch (OutOfTime e) {
      boolean unused = deadline.hasTime();
      return false;
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  private static ToolFailure tooDeep() {
    return new ToolFailure("The pattern nests or repeats too deeply; simplify it.");
  }

  /** Thrown through the regular expression engine, which knows no other way to stop. */
  private static final class OutOfTime extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfTime() {
      super(null, null, false, false);
    }
  }

  private final class Counted implements CharSequence {
    private final CharSequence text;

    Counted(CharSequence text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps % STEPS_BETWEEN_CHECKS == 0
          && (deadline.isOver() || Thread.currentThread().isInterrupted())) {
        throw new OutOfTime();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
