package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single jobs: adding, finding and changing them. */
final class Jobs {
  private final QueueLink link;
  private final Keys keys;

  /** Of {@link Script#ADD_STANDARD_JOB}. */
  private final List<String> plainKeys;

  Jobs(QueueLink link) {
    this.link = link;
    this.keys = link.keys();
    this.plainKeys =
        keys.keys(
            "wait", "paused", "meta", "id", "completed", "delayed", "active", "events", "marker");
  }

  List<Job> add(List<JobRequest> requests, Instant now) {
    if (requests.size() == 1 && isPlain(requests.getFirst())) {
      return List.of(addPlain(requests.getFirst(), now));
    }
    List<Object> arguments = new ArrayList<>(4 * requests.size());
    for (JobRequest request : requests) {
      JobOptions options = request.options();
      arguments.add(Adding.kind(request));
      arguments.add(MessagePack.encode(Adding.arguments(keys, request, now)));
      arguments.add(request.data());
      arguments.add(MessagePack.encode(Options.write(options)));
    }
    List<@Nullable Object> replies = Reply.list(link.run(Script.ADD, arguments));
    List<Job> jobs = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      jobs.add(Adding.job(link, requests.get(i), replies.get(i), now));
    }
    return jobs;
  }

  /** True if it is new whatever is there, and can run at once: the most common of all. */
  private static boolean isPlain(JobRequest request) {
    JobOptions options = request.options();
    return Adding.kind(request).equals("standard")
        && options.id().isEmpty()
        && options.deduplication().isEmpty();
  }

  private Job addPlain(JobRequest request, Instant now) {
    Object reply =
        link.runOn(
            plainKeys,
            Script.ADD_STANDARD_JOB,
            MessagePack.encode(Adding.arguments(keys, request, now)),
            request.data(),
            MessagePack.encode(Options.write(request.options())));
    return Adding.job(link, request, reply, now);
  }

  Optional<Job> find(String id) {
    return Adding.found(link, id, Reply.list(Reply.list(link.run(Script.GET, id)).getFirst()));
  }

  /** The stored form of a job that waits or is delayed. */
  Optional<JobHash> unstarted(String id) {
    List<@Nullable Object> reply = Reply.list(Reply.list(link.run(Script.GET, id)).getFirst());
    return JobHash.state(Reply.text(reply.get(1)))
        .filter(state -> state == JobState.WAITING || state == JobState.DELAYED)
        .map(state -> new JobHash(id, Reply.hash(reply.get(0))));
  }

  Map<JobState, Long> counts() {
    List<@Nullable Object> counts =
        Reply.list(
            link.runOn(
                List.of(keys.base()),
                Script.GET_COUNTS,
                "wait",
                "paused",
                "prioritized",
                "waiting-children",
                "delayed",
                "active",
                "completed",
                "failed"));
    Map<JobState, Long> byState = new EnumMap<>(JobState.class);
    long waiting = 0;
    for (int i = 0; i < 3; i++) {
      waiting += Reply.number(counts.get(i));
    }
    byState.put(JobState.WAITING, waiting);
    byState.put(JobState.WAITING_CHILDREN, Reply.number(counts.get(3)));
    byState.put(JobState.DELAYED, Reply.number(counts.get(4)));
    byState.put(JobState.ACTIVE, Reply.number(counts.get(5)));
    byState.put(JobState.COMPLETED, Reply.number(counts.get(6)));
    byState.put(JobState.FAILED, Reply.number(counts.get(7)));
    return byState;
  }

  /** The next of a job scheduler is not removed: add the one after it first. */
  Change remove(String id) {
    List<@Nullable Object> reply = Reply.list(link.run(Script.REMOVE, id));
    boolean done = Reply.number(reply.get(0)) == 1;
    return JobHash.state(Reply.text(reply.get(1)))
        .map(state -> done ? Change.done(state) : Change.refused(state))
        .orElse(Change.NOT_FOUND);
  }

  Change cancel(String id, String reason, Instant now) {
    return change(
        link.run(Script.CANCEL, id, reason, now.toEpochMilli(), link.maxMetricsSize()),
        Set.of(JobState.WAITING, JobState.WAITING_CHILDREN, JobState.DELAYED, JobState.ACTIVE));
  }

  Change retry(String id, Instant now) {
    return change(
        link.run(Script.RETRY, id, now.toEpochMilli()),
        Set.of(JobState.COMPLETED, JobState.FAILED));
  }

  Change changePriority(String id, int priority, boolean lifo) {
    return change(
        link.run(Script.CHANGE_PRIORITY, id, priority, lifo ? "1" : "0"),
        Set.of(JobState.WAITING, JobState.DELAYED));
  }

  /**
   * @param reply the state in which the job was
   * @param states in which it is changed
   */
  private static Change change(@Nullable Object reply, Set<JobState> states) {
    return JobHash.state(Reply.text(reply))
        .map(state -> states.contains(state) ? Change.done(state) : Change.refused(state))
        .orElse(Change.NOT_FOUND);
  }

  Change promote(String id) {
    return delayed(
        id,
        link.runOn(
            keys.keys(
                "delayed",
                "wait",
                "paused",
                "meta",
                "prioritized",
                "active",
                "pc",
                "events",
                "marker"),
            Script.PROMOTE,
            keys.base(),
            id));
  }

  /** The delay that is stored counts from the time at which the job was added, as tools show it. */
  Change changeDelay(String id, Instant runAt) {
    Optional<Job> job = find(id);
    if (job.isEmpty()) {
      return Change.NOT_FOUND;
    }
    Instant createdAt = job.get().createdAt();
    long delay = Math.max(0, Duration.between(createdAt, runAt).toMillis());
    return delayed(
        id,
        link.runOn(
            keys.keys("delayed", "meta", "marker", "events"),
            Script.CHANGE_DELAY,
            delay,
            createdAt.toEpochMilli(),
            id,
            keys.key(id)));
  }

  /**
   * @param code of a script for delayed jobs
   */
  private Change delayed(String id, @Nullable Object code) {
    if (Reply.number(code) >= 0) {
      return Change.done(JobState.DELAYED);
    }
    return find(id).map(job -> Change.refused(job.state())).orElse(Change.NOT_FOUND);
  }

  Change update(Target target, String what, String value) {
    Object token = target.token().isPresent() ? target.token().getAsLong() : "";
    List<@Nullable Object> reply =
        Reply.list(link.run(Script.UPDATE, target.id(), token, what, value));
    boolean done = Reply.number(reply.get(0)) == 1;
    return JobHash.state(Reply.text(reply.get(1)))
        .map(state -> done ? Change.done(state) : Change.refused(state))
        .orElse(Change.NOT_FOUND);
  }

  List<String> logs(String id, int offset, int limit) {
    List<byte[]> lines =
        link.connections()
            .await(
                link.connections()
                    .commands()
                    .lrange(Utf8.bytes(keys.key(id + ":logs")), offset, (long) offset + limit - 1));
    return lines == null ? List.of() : lines.stream().map(Utf8::text).toList();
  }

  /** The job that has a deduplication id. */
  Optional<Job> deduplicated(String id) {
    byte[] owner =
        link.connections()
            .await(link.connections().commands().get(Utf8.bytes(keys.key("de:" + id))));
    return owner == null ? Optional.empty() : find(Utf8.text(owner));
  }

  boolean removeDeduplication(String id) {
    Long removed =
        link.connections()
            .await(
                link.connections()
                    .commands()
                    .del(Utf8.bytes(keys.key("de:" + id)), Utf8.bytes(keys.key("dn:" + id))));
    return removed != null && removed > 0;
  }
}
