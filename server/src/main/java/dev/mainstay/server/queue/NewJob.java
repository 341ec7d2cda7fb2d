package dev.mainstay.server.queue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A job to add, as BullMQ's {@code queue.add} takes it.
 *
 * @param name what kind of job it is
 * @param data any JSON; null if absent
 */
record NewJob(
    @NotBlank
        @Size(max = JobRequest.MAX_NAME_LENGTH)
        @Pattern(regexp = NO_CONTROLS, message = CONTROLS)
        String name,
    @Nullable JsonNode data,
    @Nullable @Valid NewJobOptions opts) {

  static final String NO_CONTROLS = "\\P{Cntrl}*";
  static final String CONTROLS = "must not have control characters";

  /**
   * @param path where this job stands in the body, for errors: empty or {@code [3].}
   * @throws ProblemException 400
   */
  JobRequest request(String path) {
    JobOptions options = opts == null ? JobOptions.DEFAULT : opts.options(path + "opts.");
    String json = data == null ? "null" : Json.write(data);
    return Fields.checked(path + "data", () -> new JobRequest(name, json, options));
  }
}
