package dev.mainstay.server.queue;

import dev.mainstay.queue.Deduplication;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a job is kept from being there twice; a job whose id is taken is not added, and the answer is
 * the job that has the id.
 *
 * @param id what is not to be there twice; it is taken until the job has finished
 * @param ttl milliseconds for which the id is taken instead
 * @param extend true if a job that is not added lets the time begin anew
 * @param replace true if a job that is still delayed is replaced
 * @param keepLastIfActive true if the newest job that comes while one is active is added when that
 *     has finished
 * @param reschedule true if a job that is still delayed gets the new delay
 */
public record DeduplicationBody(
    @NotNull @Pattern(regexp = NewJobOptions.ID_FORM, message = NewJobOptions.ID_RULE) String id,
    @Nullable @Min(1) @Max(NewJobOptions.MAX_MILLIS) Long ttl,
    @Nullable Boolean extend,
    @Nullable Boolean replace,
    @Nullable Boolean keepLastIfActive,
    @Nullable Boolean reschedule) {

  static DeduplicationBody of(Deduplication value) {
    return new DeduplicationBody(
        value.id(),
        value.ttl().map(Duration::toMillis).orElse(null),
        given(value.extend()),
        given(value.replace()),
        given(value.keepLastIfActive()),
        given(value.reschedule()));
  }

  private static @Nullable Boolean given(boolean value) {
    return value ? true : null;
  }

  Deduplication deduplication() {
    return new Deduplication(
        id,
        Optional.ofNullable(ttl).map(Duration::ofMillis),
        Boolean.TRUE.equals(extend),
        Boolean.TRUE.equals(replace),
        Boolean.TRUE.equals(keepLastIfActive),
        Boolean.TRUE.equals(reschedule));
  }
}
