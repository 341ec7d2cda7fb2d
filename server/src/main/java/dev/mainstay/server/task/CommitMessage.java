package dev.mainstay.server.task;

import dev.mainstay.agent.git.SecretScan;
import dev.mainstay.server.schema.tables.records.TasksRecord;

/**
 * The message of a task's one commit: what was asked, what was done, which task it was. Secrets
 * that a person wrote into the prompt, or the agent into its summary, are redacted before anything
 * is shortened: part of a token is still most of it.
 */
final class CommitMessage {
  private static final int SUBJECT = 72;
  private static final int BODY = 10_000;

  private CommitMessage() {}

  static String of(TasksRecord task, String summary, SecretScan secrets) {
    String prompt = secrets.redact(clean(task.getPrompt()));
    String subject = prompt.strip().lines().findFirst().orElse("").strip();
    String body = secrets.redact(clean(summary)).strip();
    return cut(subject, SUBJECT)
        + "\n\n"
        + cut(body, BODY)
        + "\n\nMainstay-Task: "
        + task.getId()
        + "\n";
  }

  /** At most {@code length} characters, cut between words where that costs little. */
  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = length - 1;
    int space = text.lastIndexOf(' ', end);
    if (space > length * 3 / 4) {
      end = space;
    } else if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /** Git ends a message at NUL. Left out before the search, since it may stand within a token. */
  private static String clean(String text) {
    return text.replace("\0", "");
  }
}
