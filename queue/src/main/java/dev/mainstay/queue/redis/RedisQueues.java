package dev.mainstay.queue.redis;

import dev.mainstay.queue.JobRequest;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The queues of one prefix, whoever has made them; their names are those in Redis. */
public final class RedisQueues {
  private static final int SCAN_PART = 1000;
  private static final String META = ":meta";

  private final RedisConnections connections;
  private final String prefix;

  /**
   * @param prefix as {@link RedisOptions} has it
   */
  public RedisQueues(RedisConnections connections, String prefix) {
    this.connections = connections;
    this.prefix = prefix;
  }

  /** True if BullMQ's {@code Queue} or {@code Worker}, or ours, has made this queue. */
  public boolean exists(String queue) {
    Long found =
        connections.await(
            connections.commands().exists(Utf8.bytes(Keys.of(prefix, queue).key("meta"))));
    return found != null && found > 0;
  }

  /**
   * Looks through all keys of the database, a thousand at a time, for queues that exist.
   *
   * @param wanted which names are asked for
   * @param limit how many at most
   */
  public Set<String> names(Predicate<String> wanted, int limit) {
    Set<String> names = new HashSet<>();
    scan(
        META,
        keys ->
            keys.stream()
                .flatMap(key -> name(key).stream())
                .filter(wanted)
                .filter(name -> names.size() < limit)
                .forEach(names::add));
    return names;
  }

  /** The queue of a key {@code meta}; a scheduler or a job may be called so too. */
  private Optional<String> name(String key) {
    String name = key.substring(prefix.length() + 1, key.length() - META.length());
    return name.isEmpty() || name.contains(":") || name.length() > JobRequest.MAX_NAME_LENGTH
        ? Optional.empty()
        : Optional.of(name);
  }

  /**
   * Gives queues other names, with their jobs, schedulers, flows and events; what jobs of any of
   * them know of their parents and children follows. Nothing else may use these queues meanwhile.
   * If this process dies, a second call goes on.
   *
   * @param names by what they are called now
   * @throws IllegalStateException a key of the new name is there already; it is left as it is
   */
  public void rename(Map<String, String> names) {
    List<Object> bases = new ArrayList<>();
    names.forEach(
        (from, to) -> {
          bases.add(Keys.of(prefix, from).base());
          bases.add(Keys.of(prefix, to).base());
        });
    scan(
        "",
        keys -> {
          List<String> moved = keys.stream().filter(key -> isOf(key, names.keySet())).toList();
          List<Object> replies =
              connections.run(
                  moved.stream().map(key -> new Call(Script.RENAME, List.of(key), bases)).toList());
          for (int i = 0; i < moved.size(); i++) {
            if (Reply.number(replies.get(i)) < 0) {
              throw new IllegalStateException(
                  "Redis has the key that %s would get".formatted(moved.get(i)));
            }
          }
        });
  }

  private boolean isOf(String key, Set<String> queues) {
    int colon = key.indexOf(':', prefix.length() + 1);
    return colon > 0 && queues.contains(key.substring(prefix.length() + 1, colon));
  }

  private void scan(String end, Consumer<List<String>> part) {
    ScanArgs args =
        ScanArgs.Builder.matches(Utf8.bytes(QueueMeta.escaped(prefix + ":") + "*" + end))
            .limit(SCAN_PART);
    ScanCursor cursor = ScanCursor.INITIAL;
    while (!cursor.isFinished()) {
      KeyScanCursor<byte[]> found =
          Objects.requireNonNull(connections.await(connections.commands().scan(cursor, args)));
      part.accept(found.getKeys().stream().map(Utf8::text).toList());
      cursor = found;
    }
  }
}
