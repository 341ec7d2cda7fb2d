package dev.mainstay.queue.redis;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Dependencies;
import dev.mainstay.queue.spi.FlowJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parents and children in all queues of one prefix: BullMQ's flows ({@code flow-producer.js}). */
final class Flows {
  private static final Comparator<JobKey> ORDER =
      Comparator.comparing(JobKey::queue).thenComparing(JobKey::id);

  /** In the order of {@link Script#CHILDREN}. */
  private static final List<DependencyState> STATES =
      List.of(
          DependencyState.UNPROCESSED,
          DependencyState.PROCESSED,
          DependencyState.IGNORED,
          DependencyState.FAILED);

  private final RedisConnections connections;
  private final RedisOptions options;

  Flows(RedisConnections connections, RedisOptions options) {
    this.connections = connections;
    this.options = options;
  }

  private QueueLink link(String queue) {
    return QueueLink.of(queue, connections, options);
  }

  /** Adds the jobs of flows that have no parents above them. */
  List<Optional<Job>> add(List<FlowJob> jobs, Instant now) {
    String any = jobs.getFirst().queue();
    return add(link(any), Optional.empty(), jobs, now).orElseThrow();
  }

  /**
   * Adds children to a job.
   *
   * @return empty if its lease is lost
   */
  Optional<List<Optional<Job>>> addChildren(
      QueueLink link, Claimed parent, List<FlowJob> jobs, Instant now) {
    return add(link, Optional.of(parent), jobs, now);
  }

  private Optional<List<Optional<Job>>> add(
      QueueLink link, Optional<Claimed> parent, List<FlowJob> jobs, Instant now) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(now.toEpochMilli());
    arguments.add(parent.map(claimed -> claimed.job().id()).orElse(""));
    arguments.add(parent.<Object>map(Claimed::token).orElse(""));
    arguments.add(FlowProducer.MAX_JOBS);
    for (FlowJob job : jobs) {
      arguments.addAll(arguments(job, now));
    }
    List<@Nullable Object> reply = Reply.list(link.run(Script.ADD_FLOW, arguments));
    return switch (Reply.text(reply.getFirst())) {
      case "added" -> Optional.of(added(jobs, reply.subList(1, reply.size()), now));
      case "lost" -> Optional.empty();
      case "many" -> {
        long children = Reply.number(reply.get(1));
        Limits.range("The number of children", children, 0, FlowProducer.MAX_JOBS);
        throw new IllegalStateException("A job may have %d children".formatted(children));
      }
      default -> {
        String key = Reply.text(reply.get(1)) + Reply.text(reply.get(2));
        throw new IllegalStateException(
            "Job %s has another parent".formatted(Keys.job(options, key).orElseThrow()));
      }
    };
  }

  private List<Object> arguments(FlowJob job, Instant now) {
    Keys keys = link(job.queue()).keys();
    return List.of(
        keys.base(),
        job.id(),
        job.parent() + 1,
        job.hasChildren() ? "parent" : Adding.kind(job.request()),
        MessagePack.encode(Adding.arguments(keys, job.request(), now)),
        Options.onFailure(job.request().options().onFailure()),
        job.request().data(),
        MessagePack.encode(Options.write(job.request().options())));
  }

  private List<Optional<Job>> added(
      List<FlowJob> jobs, List<@Nullable Object> replies, Instant now) {
    List<Optional<Job>> added = new ArrayList<>();
    for (int place = 0; place < jobs.size(); place++) {
      FlowJob job = jobs.get(place);
      @Nullable Object reply = replies.get(place);
      if (reply instanceof byte[] id && id.length == 0) {
        added.add(Optional.empty());
      } else if (reply instanceof List<?>) {
        added.add(Optional.of(Adding.job(link(job.queue()), job.request(), reply, now)));
      } else {
        // One that was added may have been freed at once, or have the job that gets children above.
        added.add(new Jobs(link(job.queue())).find(job.id()));
      }
    }
    return added;
  }

  /** The children of a job by queue and id. */
  Page<Dependency> dependencies(QueueLink link, String id, Optional<String> cursor, int limit) {
    Optional<JobKey> after = cursor.map(Dependencies::key);
    List<Child> children = new ArrayList<>();
    List<@Nullable Object> reply = Reply.list(link.run(Script.CHILDREN, id));
    for (int i = 0; i < STATES.size(); i++) {
      DependencyState state = STATES.get(i);
      for (String key : Reply.texts(reply.get(i))) {
        Keys.job(options, key)
            .filter(job -> after.isEmpty() || ORDER.compare(job, after.get()) > 0)
            .ifPresent(job -> children.add(new Child(job, key, state)));
      }
    }
    children.sort(Comparator.comparing(Child::job, ORDER));
    List<Child> found = children.subList(0, Math.min(limit + 1, children.size()));
    return Dependencies.page(values(link, id, found), limit);
  }

  private record Child(JobKey job, String key, DependencyState state) {}

  private static List<Dependency> values(QueueLink link, String id, List<Child> children) {
    List<Object> keys = new ArrayList<>(children.stream().map(Child::key).toList());
    List<String> values = Reply.texts(link.run(Script.CHILD_VALUES, id, keys));
    List<Dependency> dependencies = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      Child child = children.get(i);
      Optional<String> value =
          child.state() == DependencyState.UNPROCESSED
              ? Optional.empty()
              : Optional.of(values.get(i)).filter(text -> !text.isEmpty() && !text.equals("null"));
      if (child.state() != DependencyState.PROCESSED) {
        value = value.map(reason -> Keys.told(link.options(), reason));
      }
      dependencies.add(new Dependency(child.job(), child.state(), value));
    }
    return dependencies;
  }

  Map<DependencyState, Long> count(QueueLink link, String id) {
    List<@Nullable Object> reply = Reply.list(link.run(Script.CHILDREN, id));
    Map<DependencyState, Long> counts = new EnumMap<>(DependencyState.class);
    for (int i = 0; i < STATES.size(); i++) {
      counts.put(STATES.get(i), (long) Reply.list(reply.get(i)).size());
    }
    return counts;
  }
}
