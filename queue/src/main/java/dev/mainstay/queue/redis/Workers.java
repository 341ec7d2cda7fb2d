package dev.mainstay.queue.redis;

import dev.mainstay.queue.Page;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.spi.ActiveJobs;
import dev.mainstay.queue.spi.Presence;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a queue: ours by what they tell of themselves, Node's by the names of their
 * connections, as BullMQ's {@code getWorkers} finds them ({@code queue-getters.js}).
 */
final class Workers {
  private final QueueLink link;
  private final ClientNames names;

  Workers(QueueLink link) {
    this.link = link;
    names = new ClientNames(link);
  }

  void announce(Presence worker, Instant now) {
    link.run(
        Script.ANNOUNCE,
        worker.id(),
        write(worker),
        now.toEpochMilli(),
        WorkerInfo.GONE_AFTER.toMillis());
  }

  void withdraw(String id) {
    link.run(Script.WITHDRAW, id);
  }

  /** The cursor is the last id of the page before. */
  Page<WorkerInfo> list(Optional<String> cursor, int limit, Instant now) {
    String after = cursor.orElse("");
    List<WorkerInfo> found =
        all(now).stream()
            .filter(worker -> worker.id().compareTo(after) > 0)
            .limit(limit + 1L)
            .toList();
    return found.size() <= limit
        ? new Page<>(found, Optional.empty())
        : new Page<>(found.subList(0, limit), Optional.of(found.get(limit - 1).id()));
  }

  private List<WorkerInfo> all(Instant now) {
    List<@Nullable Object> reply =
        Reply.list(
            link.run(
                Script.WORKERS,
                now.minus(WorkerInfo.GONE_AFTER).toEpochMilli(),
                ActiveJobs.MAX_READ));
    ActiveJobs jobs = new ActiveJobs();
    for (Object entry : Reply.list(reply.get(1))) {
      List<@Nullable Object> job = Reply.list(entry);
      jobs.add(Reply.text(job.get(1)), Reply.text(job.get(0)));
    }
    List<WorkerInfo> workers = new ArrayList<>();
    for (Object entry : Reply.list(reply.get(0))) {
      List<@Nullable Object> worker = Reply.list(entry);
      String told = Reply.text(worker.get(0));
      if (!told.isEmpty()) {
        Instant seenAt = Instant.ofEpochMilli(Reply.number(worker.get(1)));
        workers.add(read(told).seen(seenAt, jobs));
      }
    }
    return Stream.concat(workers.stream(), inNode(now, jobs))
        .sorted(Comparator.comparing(WorkerInfo::id))
        .toList();
  }

  private Stream<WorkerInfo> inNode(Instant now, ActiveJobs jobs) {
    return clients().lines().flatMap(line -> names.inNode(fields(line), now, jobs).stream());
  }

  /** Empty if Redis does not tell: its ACL may forbid it, or a service that runs it. */
  private String clients() {
    try {
      String clients = link.connections().await(link.connections().commands().clientList());
      return clients == null ? "" : clients;
    } catch (RedisException e) {
      if (e.getCause() instanceof RedisCommandExecutionException) {
        return "";
      }
      throw e;
    }
  }

  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new HashMap<>();
    for (String field : line.split(" ", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    return fields;
  }

  private static String write(Presence worker) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("id", worker.id());
    told.put("name", worker.name());
    told.put("host", worker.host().orElse(null));
    told.put("pid", worker.pid());
    told.put("concurrency", worker.concurrency());
    told.put("startedAt", worker.startedAt().toEpochMilli());
    return Json.write(told);
  }

  private static Presence read(String told) {
    Map<String, @Nullable Object> worker = Json.readObject(told);
    return new Presence(
        Reply.text(worker.get("id")),
        Reply.text(worker.get("name")),
        Optional.ofNullable(worker.get("host")).map(Reply::text),
        Reply.number(worker.get("pid")),
        (int) Reply.number(worker.get("concurrency")),
        Instant.ofEpochMilli(Reply.number(worker.get("startedAt"))));
  }
}
