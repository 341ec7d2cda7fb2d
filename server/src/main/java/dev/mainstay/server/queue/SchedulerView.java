package dev.mainstay.server.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobScheduler;
import dev.mainstay.queue.Schedule;
import dev.mainstay.server.platform.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job scheduler.
 *
 * @param every in milliseconds
 * @param offset in milliseconds
 * @param iterationCount jobs that were added, the next one too
 * @param next when the next is due; absent if there will be none
 */
public record SchedulerView(
    String id,
    @Nullable String pattern,
    @Nullable String tz,
    @Nullable Long every,
    @Nullable Long offset,
    @Nullable Instant startDate,
    @Nullable Instant endDate,
    @Nullable Integer limit,
    int iterationCount,
    @Nullable Instant next,
    TemplateView template) {

  /** What the jobs of a scheduler are. */
  public record TemplateView(String name, JsonNode data, JobView.JobOptionsView opts) {
    private static TemplateView of(JobRequest template) {
      return new TemplateView(
          template.name(),
          Json.read(template.data()),
          JobView.JobOptionsView.of(template.options()));
    }
  }

  static SchedulerView of(JobScheduler scheduler) {
    Schedule schedule = scheduler.schedule();
    return new SchedulerView(
        scheduler.id(),
        schedule.pattern().orElse(null),
        schedule.pattern().isPresent() ? schedule.timeZone().getId() : null,
        schedule.every().map(Duration::toMillis).orElse(null),
        schedule.offset().isZero() ? null : schedule.offset().toMillis(),
        schedule.startAt().orElse(null),
        schedule.endAt().orElse(null),
        schedule.limit().isPresent() ? schedule.limit().getAsInt() : null,
        scheduler.iterations(),
        scheduler.next().orElse(null),
        TemplateView.of(scheduler.template()));
  }
}
