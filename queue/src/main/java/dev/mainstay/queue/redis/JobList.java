package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists jobs page by page. What is changed meanwhile may make a page repeat a job, or leave one
 * out.
 */
final class JobList {
  /** Ids by which a place in a list is found again though some are gone. */
  private static final int ANCHORS = 5;

  private final QueueLink link;

  JobList(QueueLink link) {
    this.link = link;
  }

  /**
   * Where a page ended.
   *
   * @param key the list or sorted set
   * @param place in a list, how many jobs were before its end; in a sorted set, the score there
   * @param ids there, last first
   */
  private record Cursor(String key, String place, List<String> ids) {

    String text() {
      List<Object> values = new ArrayList<>(List.of(key, place));
      values.addAll(ids);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Json.write(values).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @throws IllegalArgumentException it is not one
     */
    static Cursor of(String text, List<String> keys) {
      try {
        List<String> values =
            Json.readStrings(
                new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        if (values.size() > 2 && values.size() <= ANCHORS + 2 && keys.contains(values.get(0))) {
          Double.parseDouble(values.get(1));
          return new Cursor(values.get(0), values.get(1), values.subList(2, values.size()));
        }
      } catch (IllegalArgumentException | ClassCastException e) {
        // It is said below.
      }
      throw new IllegalArgumentException("The cursor is not one of this list");
    }
  }

  private record Part(List<Job> jobs, Optional<Cursor> end) {}

  Page<Job> list(JobState state, Optional<String> cursor, int limit) {
    List<String> keys = keys(state);
    @Nullable Cursor from = cursor.map(text -> Cursor.of(text, keys)).orElse(null);
    int first = from == null ? 0 : keys.indexOf(from.key());
    List<Job> jobs = new ArrayList<>();
    Optional<Cursor> end = Optional.empty();
    for (int i = first; i < keys.size() && jobs.size() <= limit; i++) {
      Part part = part(state, keys.get(i), i == first ? from : null, limit - jobs.size());
      jobs.addAll(part.jobs());
      end = part.end().isPresent() ? part.end() : end;
    }
    if (jobs.size() <= limit) {
      return new Page<>(jobs, Optional.empty());
    }
    return new Page<>(List.copyOf(jobs.subList(0, limit)), end.map(Cursor::text));
  }

  /** The lists and sorted sets of a state, that which is taken first first. */
  static List<String> keys(JobState state) {
    return switch (state) {
      case WAITING -> List.of("wait", "paused", "prioritized");
      case WAITING_CHILDREN -> List.of("waiting-children");
      case DELAYED -> List.of("delayed");
      case ACTIVE -> List.of("active");
      case COMPLETED -> List.of("completed");
      case FAILED -> List.of("failed");
    };
  }

  /**
   * @param shown how many of them are shown at most, after which the cursor points; one more is
   *     read
   */
  private Part part(JobState state, String key, @Nullable Cursor from, int shown) {
    List<@Nullable Object> reply =
        Reply.list(
            link.run(
                Script.LIST,
                key,
                shown + 1,
                from == null ? "0" : from.place(),
                from == null ? List.of() : from.ids()));
    List<Job> jobs = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    String score = "";
    for (Object entry : reply.subList(0, Math.min(shown, reply.size() - 1))) {
      ids.addFirst(Reply.text(Reply.list(entry).getFirst()));
      score = Reply.text(Reply.list(entry).getLast());
    }
    for (Object entry : reply.subList(0, reply.size() - 1)) {
      List<@Nullable Object> one = Reply.list(entry);
      JobHash hash = new JobHash(Reply.text(one.get(0)), Reply.hash(one.get(1)));
      jobs.add(hash.job(state, Reply.text(one.get(2)), link.options()));
    }
    if (ids.isEmpty()) {
      return new Part(jobs, Optional.empty());
    }
    String place =
        score.isEmpty() ? Long.toString(Reply.number(reply.getLast()) + ids.size()) : score;
    List<String> anchors = ids.subList(0, score.isEmpty() ? Math.min(ANCHORS, ids.size()) : 1);
    return new Part(jobs, Optional.of(new Cursor(key, place, anchors)));
  }
}
