package dev.mainstay.server.queue;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which jobs are wanted; all if nothing is said.
 *
 * @param name of the jobs
 * @param text in the id, the name, the data as JSON or the failed reason, in whatever case
 */
record JobFilter(Optional<String> name, Optional<Pattern> text) {
  static final JobFilter ALL = new JobFilter(Optional.empty(), Optional.empty());

  private static final int MAX_TEXT = 200;

  /**
   * @throws dev.mainstay.server.platform.http.ProblemException 400 naming the parameter
   */
  static JobFilter of(Optional<String> name, Optional<String> text) {
    name.ifPresent(given -> checkLength("name", given, JobRequest.MAX_NAME_LENGTH));
    text.ifPresent(given -> checkLength("text", given, MAX_TEXT));
    int flags = Pattern.LITERAL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    return new JobFilter(name, text.map(given -> Pattern.compile(given, flags)));
  }

  private static void checkLength(String field, String value, int max) {
    if (value.length() > max) {
      throw Fields.wrong(field, "must have at most %d characters".formatted(max));
    }
  }

  /** True if it refuses none. */
  boolean all() {
    return name.isEmpty() && text.isEmpty();
  }

  boolean matches(Job job) {
    return name.map(job.name()::equals).orElse(true)
        && text.map(
                wanted ->
                    Stream.of(
                            job.id(),
                            job.name(),
                            job.data(),
                            job.failedReason().map(QueueName::shownIn).orElse(""))
                        .anyMatch(in -> wanted.matcher(in).find()))
            .orElse(true);
  }
}
