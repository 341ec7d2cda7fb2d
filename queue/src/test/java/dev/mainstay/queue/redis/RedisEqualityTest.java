package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same operations by Node's BullMQ under one prefix and by ours under another leave the same
 * keys, members, scores and fields.
 */
final class RedisEqualityTest {
  private static final long SEED = 20_261_125;
  private static final int OPERATIONS = 300;
  private static final List<OnFailure> ON_FAILURE = List.of(OnFailure.values());

  private final Instant now = Instant.ofEpochMilli(1_700_000_000_000L);
  private final String ours = "java-" + UUID.randomUUID();
  private final String theirs = "node-" + UUID.randomUUID();

  /** Every option that we always write. */
  private static final String DEFAULTS =
      "attempts: 1, removeOnComplete: { count: 1000, default: true }, removeOnFail: { count: 1000, default: true }, keepLogs: 1000, stackTraceLimit: 10";

  /** One operation in both languages. */
  private record Operation(Runnable java, String node) {}

  @Test
  @Timeout(120)
  void leaveTheSameKeys() throws Exception {
    try (ServerTime forget = new ServerTime(ours);
        ServerTime forgetTheirs = new ServerTime(theirs);
        RedisConnections connections = RedisConnections.open(RedisServerProcess.shared().uri());
        NodePeer node = NodePeer.start(theirs, RedisNode.QUEUE)) {
      assertThat(forget).isNotSameAs(forgetTheirs);
      RedisOptions options = RedisOptions.DEFAULT.withPrefix(ours);
      InstantSource clock = InstantSource.fixed(now);
      TaskQueue queue = new RedisTaskQueue(RedisNode.QUEUE, connections, clock, options);
      RedisFlowProducer flows = new RedisFlowProducer(connections, clock, options);
      // Both stand still at the same time.
      node.run("Date.now = () => %d;".formatted(now.toEpochMilli()));
      for (Operation operation : operations(queue, flows)) {
        operation.java().run();
        node.run(operation.node());
        assertThat(dump(node, ours)).as(operation.node()).isEqualTo(dump(node, theirs));
      }
    }
  }

  private List<Operation> operations(TaskQueue queue, RedisFlowProducer flows) {
    Random random = new Random(SEED);
    List<Operation> operations = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      String id = "job-" + i;
      int at = random.nextInt(14);
      if (at < 7 || ids.isEmpty()) {
        operations.add(add(queue, id, random));
        ids.add(id);
      } else if (at == 7) {
        operations.add(flow(flows, id, random.nextInt(ON_FAILURE.size())));
      } else {
        operations.add(change(queue, at, ids.get(random.nextInt(ids.size())), random));
      }
    }
    return operations;
  }

  private static Operation add(TaskQueue queue, String id, Random random) {
    JobOptions.Builder options = JobOptions.builder().id(id);
    StringBuilder node = new StringBuilder("jobId: '" + id + "', " + DEFAULTS);
    if (random.nextInt(3) == 0) {
      int priority = 1 + random.nextInt(3);
      options.priority(priority);
      node.append(", priority: ").append(priority);
    }
    if (random.nextInt(3) == 0) {
      long delay = 1000L * (1 + random.nextInt(5));
      options.delay(Duration.ofMillis(delay));
      node.append(", delay: ").append(delay);
    }
    if (random.nextInt(6) == 0) {
      options.lifo(true);
      node.append(", lifo: true");
    }
    if (random.nextInt(4) == 0) {
      options.attempts(4, Backoff.exponential(Duration.ofMillis(250)).withJitter(0.5));
      node.append(", attempts: 4, backoff: { type: 'exponential', delay: 250, jitter: 0.5 }");
    }
    if (random.nextInt(4) == 0) {
      options.removeOnComplete(Retention.newest(7).upTo(Duration.ofSeconds(90)));
      node.append(", removeOnComplete: { count: 7, age: 90 }");
    }
    String deduplication = "d-" + random.nextInt(4);
    switch (random.nextInt(7)) {
      case 0 -> {
        options.deduplication(Deduplication.simple(deduplication));
        node.append(", deduplication: { id: '%s' }".formatted(deduplication));
      }
      case 1 -> {
        options.deduplication(Deduplication.throttle(deduplication, Duration.ofHours(1)));
        node.append(", deduplication: { id: '%s', ttl: 3600000 }".formatted(deduplication));
      }
      case 2 -> {
        options.deduplication(Deduplication.debounce(deduplication, Duration.ofHours(1)));
        node.append(
            ", deduplication: { id: '%s', ttl: 3600000, extend: true, replace: true }"
                .formatted(deduplication));
      }
      case 3 -> {
        options.deduplication(Deduplication.rescheduling(deduplication));
        node.append(", deduplication: { id: '%s', reschedule: true }".formatted(deduplication));
      }
      default -> {
        // None.
      }
    }
    JobRequest request =
        new JobRequest("name-" + random.nextInt(3), "{\"text\":\"ü\"}", options.build());
    return new Operation(
        () -> queue.add(request),
        "await queue.add('%s', { text: 'ü' }, { %s })".formatted(request.name(), node));
  }

  private static Operation flow(RedisFlowProducer flows, String id, int place) {
    OnFailure onFailure = ON_FAILURE.get(place);
    String option =
        switch (onFailure) {
          case WAIT -> "";
          case FAIL_PARENT -> ", failParentOnFailure: true";
          case CONTINUE_PARENT -> ", continueParentOnFailure: true";
          case IGNORE_DEPENDENCY -> ", ignoreDependencyOnFailure: true";
          case REMOVE_DEPENDENCY -> ", removeDependencyOnFailure: true";
        };
    Flow child =
        Flow.of(
            "other",
            JobRequest.of("child", "{}")
                .with(options -> options.id(id + "-child").onFailure(onFailure)));
    Flow parent =
        Flow.of(
            RedisNode.QUEUE,
            JobRequest.of("parent", "{}").with(options -> options.id(id).priority(2)),
            child);
    return new Operation(
        () -> flows.add(parent),
        """
        state.flows ??= new bullmq.FlowProducer({ connection, prefix });
        await state.flows.add({ name: 'parent', queueName: name, data: {}, opts: { jobId: '%s', priority: 2, %s },
          children: [{ name: 'child', queueName: 'other', data: {}, opts: { jobId: '%s-child', %s%s } }] });
        """
            .formatted(id, DEFAULTS, id, DEFAULTS, option));
  }

  private static Operation change(TaskQueue queue, int what, String id, Random random) {
    String job = "const job = await queue.getJob('%s'); ".formatted(id);
    return switch (what) {
      case 8 ->
          new Operation(
              () -> ignoring(() -> queue.promote(id)),
              job + "await job?.promote().catch(() => {})");
      case 9 -> {
        int priority = random.nextInt(4);
        boolean lifo = random.nextBoolean();
        yield new Operation(
            () -> ignoring(() -> queue.changePriority(id, priority, lifo)),
            job
                + "await job?.changePriority({ priority: %d, lifo: %s })"
                    .formatted(priority, lifo));
      }
      case 10 ->
          new Operation(
              () -> ignoring(() -> queue.updateProgress(id, "{\"done\":1}")),
              job + "await job?.updateProgress({ done: 1 })");
      case 11 ->
          new Operation(
              () ->
                  ignoring(
                      () -> {
                        queue.updateData(id, "[1]");
                        queue.log(id, "line");
                      }),
              job + "await job?.updateData([1]); await job?.log('line')");
      case 12 ->
          new Operation(
              () -> ignoring(() -> queue.remove(id)), job + "await job?.remove().catch(() => {})");
      default ->
          switch (random.nextInt(4)) {
            case 0 ->
                new Operation(queue::pause, "if (!(await queue.isPaused())) await queue.pause()");
            case 1 ->
                new Operation(queue::resume, "if (await queue.isPaused()) await queue.resume()");
            case 2 ->
                new Operation(
                    () -> queue.setConcurrency(OptionalInt.of(7)),
                    "await queue.setGlobalConcurrency(7); if (!(await queue.isPaused())) await redis.zadd(`${prefix}:${name}:marker`, 0, '0')");
            default ->
                new Operation(
                    () -> queue.setRateLimit(Optional.of(new RateLimit(5, Duration.ofMinutes(1)))),
                    "await queue.setGlobalRateLimit(5, 60000); if (!(await queue.isPaused())) await redis.zadd(`${prefix}:${name}:marker`, 0, '0')");
          };
    };
  }

  private static void ignoring(Runnable operation) {
    try {
      operation.run();
    } catch (RuntimeException e) {
      // The job is gone, or in another state; Node's is too.
    }
  }

  /** All keys of a prefix and what they hold, but for the ids of events and our own keys. */
  private static String dump(NodePeer node, String prefix) throws Exception {
    return String.valueOf(
        node.run(
            """
            const wanted = '%s:';
            const result = {};
            const parsed = (field, value) => {
              if (field === 'opts') return JSON.parse(value.replaceAll(wanted, 'P:'));
              if (field === 'parent') return JSON.parse(value.replaceAll(wanted, 'P:'));
              return typeof value === 'string' ? value.replaceAll(wanted, 'P:') : value;
            };
            for (const key of (await redis.keys(wanted + '*')).sort()) {
              const name = key.slice(wanted.length);
              if (name.includes(':mainstay:')) continue;
              switch (await redis.type(key)) {
                case 'string': result[name] = await redis.get(key); break;
                case 'list': result[name] = await redis.lrange(key, 0, -1); break;
                case 'set': result[name] = (await redis.smembers(key)).map(member => parsed('', member)).sort(); break;
                case 'zset': result[name] = await redis.zrange(key, 0, -1, 'WITHSCORES'); break;
                case 'hash': result[name] = Object.fromEntries(Object.entries(await redis.hgetall(key)).sort()
                  .map(([field, value]) => [field, parsed(field, value)])); break;
                case 'stream': result[name] = (await redis.xrange(key, '-', '+')).map(([, fields]) => fields); break;
              }
            }
            const sorted = value => Array.isArray(value) ? value.map(sorted)
              : value !== null && typeof value === 'object'
                ? Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])])) : value;
            return JSON.stringify(sorted(result), null, 1);
            """
                .formatted(prefix)));
  }
}
