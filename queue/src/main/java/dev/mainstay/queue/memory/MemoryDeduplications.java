package dev.mainstay.queue.memory;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.spi.DeduplicationSource.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Who has a deduplication id. {@link MemoryStore} guards it. */
final class MemoryDeduplications {
  private final Map<String, Held> ids = new HashMap<>();

  /**
   * @param next is added when the owner has finished
   */
  private record Held(Owner owner, Optional<JobRequest> next) {}

  Optional<Owner> owner(String id) {
    return Optional.ofNullable(ids.get(id)).map(Held::owner);
  }

  void own(String id, Owner owner) {
    ids.put(id, new Held(owner, Optional.empty()));
  }

  void keepNext(String id, JobRequest next) {
    change(
        id, held -> new Held(new Owner(held.owner().jobId(), Optional.empty()), Optional.of(next)));
  }

  void extend(String id, Instant until) {
    change(id, held -> new Held(new Owner(held.owner().jobId(), Optional.of(until)), held.next()));
  }

  private void change(String id, UnaryOperator<Held> change) {
    ids.computeIfPresent(id, (key, held) -> change.apply(held));
  }

  boolean free(String id) {
    return ids.remove(id) != null;
  }

  /** For when a job is removed. */
  void free(String id, String jobId) {
    ids.computeIfPresent(id, (key, held) -> held.owner().jobId().equals(jobId) ? null : held);
  }

  void clear() {
    ids.clear();
  }

  /**
   * Gives the ids of jobs that are over to those that were kept for then.
   *
   * @return these, which are to be added
   */
  List<JobRequest> takeDue(Predicate<String> over, Instant now) {
    List<JobRequest> due = new ArrayList<>();
    ids.replaceAll(
        (id, held) -> {
          if (held.next().isEmpty() || !over.test(held.owner().jobId())) {
            return held;
          }
          JobRequest next = held.next().get();
          due.add(next);
          return new Held(
              new Owner(
                  next.options().id().orElseThrow(),
                  next.options().deduplication().flatMap(Deduplication::time).map(now::plus)),
              Optional.empty());
        });
    return due;
  }

  /** Removes ids that nobody has any more. */
  void sweep(Predicate<String> over, Instant now) {
    ids.values()
        .removeIf(
            held ->
                held.next().isEmpty()
                    && held.owner()
                        .until()
                        .map(until -> !until.isAfter(now))
                        .orElseGet(() -> over.test(held.owner().jobId())));
  }
}
