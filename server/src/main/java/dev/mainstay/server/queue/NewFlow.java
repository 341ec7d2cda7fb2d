package dev.mainstay.server.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.server.platform.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A job to add with the jobs that have to be done before it, as BullMQ's {@code FlowProducer} takes
 * it. Jobs that are nested deeper than JSON may be are refused with it.
 *
 * @param name what kind of job it is
 * @param queueName its queue, which is made if there is none
 * @param data any JSON; null if absent
 * @param children jobs of any queues, each with children of its own
 */
record NewFlow(
    @NotBlank
        @Size(max = JobRequest.MAX_NAME_LENGTH)
        @Pattern(regexp = NewJob.NO_CONTROLS, message = NewJob.CONTROLS)
        String name,
    @NotNull String queueName,
    @Nullable JsonNode data,
    @Nullable @Valid NewJobOptions opts,
    @Nullable @Size(max = NewFlow.MAX_JOBS) List<@NotNull @Valid NewFlow> children) {

  /** Jobs of one request, over all levels. */
  static final int MAX_JOBS = NewJobs.MAX_JOBS;

  /** Queues that one flow may name. */
  static final int MAX_QUEUES = 50;

  /**
   * @param names gets the queues that it names
   * @param check refuses what the store cannot have, by where it stands in the body
   * @throws ProblemException 400
   */
  Flow flow(String organizationId, Set<QueueName> names, BiConsumer<String, JobRequest> check) {
    int[] jobs = {0};
    return flow(organizationId, names, check, "", jobs);
  }

  private Flow flow(
      String organizationId,
      Set<QueueName> names,
      BiConsumer<String, JobRequest> check,
      String path,
      int[] jobs) {
    jobs[0]++;
    if (jobs[0] > MAX_JOBS) {
      throw Fields.wrong("children", "must not have more than %d jobs in all".formatted(MAX_JOBS));
    }
    QueueName queue = queue(organizationId, path);
    names.add(queue);
    if (names.size() > MAX_QUEUES) {
      throw Fields.wrong(
          path + "queueName", "must not be one of more than %d queues".formatted(MAX_QUEUES));
    }
    List<Flow> below = new ArrayList<>();
    for (NewFlow child : Objects.requireNonNullElse(children, List.<NewFlow>of())) {
      String place = "%schildren[%d].".formatted(path, below.size());
      below.add(child.flow(organizationId, names, check, place, jobs));
    }
    JobRequest request = new NewJob(name, data, opts).request(path);
    check.accept(path, request);
    return new Flow(queue.stored(), request, below);
  }

  private QueueName queue(String organizationId, String path) {
    try {
      return new QueueName(organizationId, queueName);
    } catch (ProblemException e) {
      throw Fields.wrong(path + "queueName", QueueName.RULE);
    }
  }
}
