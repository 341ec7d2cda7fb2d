package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.FlowJob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a flow as the outbox keeps them: a JSON array of {@code [queue, name, data, options,
 * parent, hasChildren]}, data and options as texts, parents before their children.
 */
final class OutboxFlow {
  private OutboxFlow() {}

  static String write(List<FlowJob> jobs) {
    return Json.write(
        jobs.stream()
            .map(
                job ->
                    List.of(
                        job.queue(),
                        job.request().name(),
                        job.request().data(),
                        OptionsJson.write(job.request().options()),
                        job.parent(),
                        job.hasChildren()))
            .toList());
  }

  /**
   * @throws IllegalArgumentException it is no such array
   */
  static List<FlowJob> read(String text) {
    List<FlowJob> jobs = new ArrayList<>();
    if (Json.read(text) instanceof List<?> rows) {
      for (Object row : rows) {
        jobs.add(job(row));
      }
    }
    if (jobs.isEmpty()) {
      throw new IllegalArgumentException("It has no jobs");
    }
    return jobs;
  }

  private static FlowJob job(@Nullable Object row) {
    if (row instanceof List<?> values
        && values.size() == 6
        && values.get(0) instanceof String queue
        && values.get(1) instanceof String name
        && values.get(2) instanceof String data
        && values.get(3) instanceof String options
        && values.get(4) instanceof Number parent
        && values.get(5) instanceof Boolean hasChildren) {
      JobRequest request = new JobRequest(name, data, OptionsJson.read(options));
      return new FlowJob(queue, request, parent.intValue(), hasChildren);
    }
    throw new IllegalArgumentException("It is not a job of a flow");
  }
}
