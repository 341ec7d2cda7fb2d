package dev.mainstay.queue;

import java.util.function.Consumer;

/**
 * A job to add.
 *
 * @param name what kind of job it is, 1 to {@link #MAX_NAME_LENGTH} characters
 * @param data JSON text, at most {@link TaskQueue#MAX_DATA_BYTES} in UTF-8
 */
public record JobRequest(String name, String data, JobOptions options) {

  public static final int MAX_NAME_LENGTH = 255;

  /**
   * @throws IllegalArgumentException a value is out of range; the message names the limit
   */
  public JobRequest {
    Limits.name("name", name);
    Limits.bytes("data", data, TaskQueue.MAX_DATA_BYTES);
  }

  /** With {@link JobOptions#DEFAULT}. */
  public static JobRequest of(String name, String data) {
    return new JobRequest(name, data, JobOptions.DEFAULT);
  }

  /** The same with other options: {@code of("mail", "{}").with(job -> job.attempts(3))}. */
  public JobRequest with(Consumer<JobOptions.Builder> change) {
    JobOptions.Builder builder = options.toBuilder();
    change.accept(builder);
    return new JobRequest(name, data, builder.build());
  }
}
