package dev.mainstay.server.task;

import dev.mainstay.server.schema.tables.records.TasksRecord;

/** The message of a task's one commit: what was asked, what was done, which task it was. */
final class CommitMessage {
  private static final int SUBJECT = 72;
  private static final int BODY = 10_000;

  private CommitMessage() {}

  static String of(TasksRecord task, String summary) {
    String line = task.getPrompt().strip().lines().findFirst().orElse("").strip();
    String subject = line.length() <= SUBJECT ? line : line.substring(0, SUBJECT - 1) + "…";
    String body = summary.length() <= BODY ? summary : summary.substring(0, BODY) + "…";
    return clean(subject)
        + "\n\n"
        + clean(body.strip())
        + "\n\nMainstay-Task: "
        + task.getId()
        + "\n";
  }

  /** Git ends a message at NUL. */
  private static String clean(String text) {
    return text.replace("\0", "");
  }
}
