package dev.mainstay.server.queue;

import dev.mainstay.server.platform.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A queue of an organization.
 *
 * @param name letters, digits, underscores, dots and hyphens, at most {@link #MAX_LENGTH}, the
 *     first a letter, a digit or an underscore
 */
public record QueueName(String organizationId, String name) {
  static final int MAX_LENGTH = 100;

  static final String RULE =
      "must have 1 to %d letters, digits, underscores, dots and hyphens, and begin with none of the last two"
          .formatted(MAX_LENGTH);

  private static final Pattern FORM = Pattern.compile("\\w[\\w.-]{0," + (MAX_LENGTH - 1) + "}");

  /**
   * @throws ProblemException 400 naming the field {@code queue}
   */
  public QueueName {
    if (!isValid(name)) {
      throw ProblemException.badRequest("queue", RULE);
    }
  }

  static boolean isValid(String name) {
    return FORM.matcher(name).matches();
  }

  /** The reason with which a parent fails when a child has; an organization's id is a UUID. */
  private static final Pattern CHILD_FAILED =
      Pattern.compile(
          "child \\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}/(.+ failed)", Pattern.DOTALL);

  /** A failed reason as it is told to the organization: a queue in it has its name without it. */
  static String shownIn(String failedReason) {
    Matcher matcher = CHILD_FAILED.matcher(failedReason);
    return matcher.matches() ? "child " + matcher.group(1) : failedReason;
  }

  /** The name without the organization of a queue as the store calls it. */
  static String shown(String stored) {
    return stored.substring(stored.indexOf('/') + 1);
  }

  /** What the queue is called in the store, where all organizations have theirs. */
  String stored() {
    return organizationId + "/" + name;
  }
}
