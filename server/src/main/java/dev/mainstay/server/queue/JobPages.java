package dev.mainstay.server.queue;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.http.Page;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pages of a queue's jobs, of one state or of all, one state after another. A page ends early when
 * its jobs carry much data; one of a search also when many jobs were looked at, so that it may even
 * be empty and have a next one.
 */
final class JobPages {
  /** Jobs that are read at once: so many may have their greatest data in memory together. */
  private static final int STEP = 10;

  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  /** Jobs that a search looks at for one page. */
  private static final int MAX_LOOKED_AT = 10_000;

  /** How long it looks. */
  private static final Duration MAX_TIME = Duration.ofSeconds(1);

  private final String name;
  private final TaskQueue queue;
  private final InstantSource clock;

  JobPages(String name, TaskQueue queue, InstantSource clock) {
    this.name = name;
    this.queue = queue;
    this.clock = clock;
  }

  /** A place in the list: before the jobs of a state, or within them. */
  private record Place(JobStateName state, Optional<String> within) {

    static Place parse(String cursor, Optional<JobStateName> only) {
      String[] parts = cursor.split(":", 2);
      JobStateName state =
          JobStateName.find(parts[0])
              .filter(found -> parts.length == 2)
              .filter(found -> only.isEmpty() || only.get() == found)
              .orElseThrow(() -> Fields.wrong("cursor", "is not one of this list"));
      return new Place(state, Optional.of(parts[1]).filter(text -> !text.isEmpty()));
    }

    String cursor() {
      return state.word() + ":" + within.orElse("");
    }

    static Place before(JobStateName state) {
      return new Place(state, Optional.empty());
    }

    /** The place that follows once all jobs of this state are listed. */
    Optional<Place> next(Optional<JobStateName> only) {
      return only.isPresent() ? Optional.empty() : state.next().map(Place::before);
    }
  }

  Page<JobView> page(
      Optional<JobStateName> only, JobFilter filter, Optional<String> cursor, int limit) {
    Optional<Place> place =
        Optional.of(
            cursor
                .map(text -> Place.parse(text, only))
                .orElseGet(() -> Place.before(only.orElse(JobStateName.first()))));
    List<JobView> jobs = new ArrayList<>();
    Instant end = clock.instant().plus(MAX_TIME);
    long bytes = 0;
    int lookedAt = 0;
    while (place.isPresent() && jobs.size() < limit && bytes < PAGE_BYTES) {
      if (!filter.all()
          && lookedAt > 0
          && (lookedAt >= MAX_LOOKED_AT || !clock.instant().isBefore(end))) {
        break;
      }
      int room = limit - jobs.size();
      if (!filter.all() && room < STEP && !jobs.isEmpty()) {
        // A search for the last one would read jobs one by one.
        break;
      }
      Place here = place.get();
      int step = Math.min(STEP, room);
      var part =
          Fields.checked("cursor", () -> queue.list(here.state().state(), here.within(), step));
      lookedAt += step;
      for (Job job : part.items()) {
        if (filter.matches(job)) {
          jobs.add(JobView.of(name, job));
          bytes += job.data().length() + job.returnValue().map(String::length).orElse(0);
        }
      }
      place =
          part.next()
              .map(next -> new Place(here.state(), Optional.of(next)))
              .or(() -> here.next(only));
    }
    return new Page<>(jobs, place.map(Place::cursor).orElse(null));
  }
}
