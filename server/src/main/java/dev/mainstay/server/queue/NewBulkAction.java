package dev.mainstay.server.queue;

import dev.mainstay.server.platform.ProblemException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to all jobs that match and are there now.
 *
 * @param action retry (failed or completed jobs), promote (delayed), cancel (active, waiting or
 *     delayed) or remove (all but active)
 * @param state of the jobs
 * @param name of the jobs; any if absent
 * @param text in the id, the name, the data or the failed reason of the jobs, in whatever case
 * @param reason why jobs are canceled; it is part of their failed reason
 */
record NewBulkAction(
    @NotNull BulkActionType action,
    @NotNull JobStateName state,
    @Nullable @Size(min = 1) String name,
    @Nullable @Size(min = 1) String text,
    @Nullable
        @Size(max = QueueEndpoints.MAX_REASON)
        @Pattern(regexp = NewJob.NO_CONTROLS, message = NewJob.CONTROLS)
        String reason) {

  /**
   * @throws ProblemException 400 naming the field
   */
  void check() {
    if (!action.allows(state)) {
      throw Fields.wrong(
          "state",
          "must be %s to %s"
              .formatted(
                  Arrays.stream(JobStateName.values())
                      .filter(action::allows)
                      .map(JobStateName::word)
                      .collect(Collectors.joining(" or ")),
                  action.word()));
    }
    if (reason != null && action != BulkActionType.CANCEL) {
      throw Fields.wrong("reason", "must be given to cancel alone");
    }
    JobFilter unused = JobFilter.of(Optional.ofNullable(name), Optional.ofNullable(text));
  }
}
