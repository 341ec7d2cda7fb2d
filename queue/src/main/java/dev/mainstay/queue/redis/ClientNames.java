package dev.mainstay.queue.redis;

import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.spi.ActiveJobs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The names of the connections on which workers of a queue wait for jobs ({@code
 * create-backend.js}): by them BullMQ's tools list the workers.
 */
final class ClientNames {
  private static final String WORKER = ":w:";

  /** Begins the names that we give; these workers tell more of themselves elsewhere. */
  private static final String OURS = "mainstay:";

  /** Begins the ids of workers that tell none, and puts them behind ours, which are UUIDs. */
  private static final String CLIENT = "redis-client-";

  private final String unnamed;

  ClientNames(QueueLink link) {
    String queue = Base64.getEncoder().encodeToString(link.name().getBytes(StandardCharsets.UTF_8));
    unnamed = link.options().prefix() + ":" + queue;
  }

  /** For the connection of a process of ours. Redis takes visible ASCII only. */
  String ours(String workerId) {
    return (unnamed + WORKER + OURS + workerId).replaceAll("[^!-~]", "_");
  }

  /**
   * The worker in Node that has a connection.
   *
   * @param client the fields of its line of {@code CLIENT LIST}
   */
  Optional<WorkerInfo> inNode(Map<String, String> client, Instant now, ActiveJobs jobs) {
    String connection = client.getOrDefault("name", "");
    String id = client.getOrDefault("id", "");
    String named = unnamed + WORKER;
    boolean isNamed = connection.startsWith(named);
    if (id.isEmpty()
        || connection.startsWith(named + OURS)
        || !(isNamed || connection.equals(unnamed))) {
      return Optional.empty();
    }
    Optional<String> name =
        isNamed ? Optional.of(connection.substring(named.length())) : Optional.empty();
    return Optional.of(
        new WorkerInfo(
            CLIENT + id,
            name,
            host(client.getOrDefault("addr", "")),
            OptionalLong.empty(),
            WorkerInfo.BULLMQ,
            OptionalInt.empty(),
            name.map(jobs::count).orElse(0),
            Optional.empty(),
            now,
            name.map(jobs::ids).orElse(List.of())));
  }

  /** Of an address and a port. */
  private static Optional<String> host(String address) {
    int port = address.lastIndexOf(':');
    return port > 0 ? Optional.of(address.substring(0, port)) : Optional.empty();
  }
}
