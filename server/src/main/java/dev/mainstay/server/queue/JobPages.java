package dev.mainstay.server.queue;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.http.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pages of a queue's jobs, of one state or of all, one state after another. A page ends early when
 * its jobs carry much data.
 */
final class JobPages {
  /** Jobs that are read at once: so many may have their greatest data in memory together. */
  private static final int STEP = 10;

  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  private final String name;
  private final TaskQueue queue;

  JobPages(String name, TaskQueue queue) {
    this.name = name;
    this.queue = queue;
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

  Page<JobView> page(Optional<JobStateName> only, Optional<String> cursor, int limit) {
    Optional<Place> place =
        Optional.of(
            cursor
                .map(text -> Place.parse(text, only))
                .orElseGet(() -> Place.before(only.orElse(JobStateName.first()))));
    List<JobView> jobs = new ArrayList<>();
    long bytes = 0;
    while (place.isPresent() && jobs.size() < limit && bytes < PAGE_BYTES) {
      Place here = place.get();
      int step = Math.min(STEP, limit - jobs.size());
      var part =
          Fields.checked("cursor", () -> queue.list(here.state().state(), here.within(), step));
      for (Job job : part.items()) {
        jobs.add(JobView.of(name, job));
        bytes += job.data().length() + job.returnValue().map(String::length).orElse(0);
      }
      place =
          part.next()
              .map(next -> new Place(here.state(), Optional.of(next)))
              .or(() -> here.next(only));
    }
    return new Page<>(jobs, place.map(Place::cursor).orElse(null));
  }
}
