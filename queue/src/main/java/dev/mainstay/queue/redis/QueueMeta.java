package dev.mainstay.queue.redis;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.queue.spi.Settings;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** What holds for a queue as a whole: BullMQ's hash {@code meta}. */
final class QueueMeta {
  static final String ENGINE = "Redis";

  /** Whose scripts these are. */
  private static final String VERSION = "bullmq:6.7.0";

  private static final int SCAN_PART = 1000;

  private final QueueLink link;
  private final byte[] meta;

  QueueMeta(QueueLink link) {
    this.link = link;
    meta = Utf8.bytes(link.keys().key("meta"));
  }

  /** Writes what BullMQ's {@code Queue} writes when it is made. */
  void introduce() {
    link.connections()
        .await(
            link.connections()
                .commands()
                .hset(
                    meta,
                    Map.of(
                        Utf8.bytes("version"),
                        Utf8.bytes(VERSION),
                        Utf8.bytes("opts.maxLenEvents"),
                        Utf8.bytes(Integer.toString(link.options().maxEvents())))));
  }

  Settings settings() {
    List<KeyValue<byte[], byte[]>> fields =
        link.connections()
            .await(
                link.connections()
                    .commands()
                    .hmget(
                        meta,
                        Utf8.bytes("paused"),
                        Utf8.bytes("concurrency"),
                        Utf8.bytes("max"),
                        Utf8.bytes("duration")));
    if (fields == null) {
      return Settings.DEFAULT;
    }
    OptionalInt concurrency =
        number(fields.get(1))
            .map(value -> OptionalInt.of(Math.clamp(value, 1, Integer.MAX_VALUE)))
            .orElse(OptionalInt.empty());
    Optional<RateLimit> rate =
        number(fields.get(2)).flatMap(max -> number(fields.get(3)).map(time -> rate(max, time)));
    return new Settings(
        fields.get(0).hasValue(), concurrency, rate, Optional.empty(), GroupLimits.NONE);
  }

  private static RateLimit rate(long max, long duration) {
    return new RateLimit(
        Math.clamp(max, 1, RateLimit.MAX),
        Duration.ofMillis(Math.clamp(duration, 1, RateLimit.MAX_DURATION.toMillis())));
  }

  private static Optional<Long> number(KeyValue<byte[], byte[]> field) {
    try {
      return field.optional().map(value -> (long) Double.parseDouble(Utf8.text(value)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Writes what is changed, and leaves the rest to whoever changes that. */
  void configure(UnaryOperator<Settings> change) {
    Settings before = settings();
    Settings after = change.apply(before);
    if (after.units().isPresent()) {
      throw new UnsupportedFeatureException("Unit limits", ENGINE);
    }
    if (!after.groups().equals(GroupLimits.NONE)) {
      throw new UnsupportedFeatureException("Limits of groups", ENGINE);
    }
    if (before.equals(after)) {
      return;
    }
    if (!after.concurrency().equals(before.concurrency())) {
      if (after.concurrency().isPresent()) {
        set(Map.of("concurrency", (long) after.concurrency().getAsInt()));
      } else {
        delete("concurrency");
      }
    }
    if (!after.rate().equals(before.rate())) {
      if (after.rate().isPresent()) {
        RateLimit rate = after.rate().get();
        set(Map.of("max", rate.max(), "duration", rate.duration().toMillis()));
      } else {
        delete("max", "duration");
      }
    }
    if (after.paused() != before.paused()) {
      pause(after.paused());
    } else if (!after.paused()) {
      // There may be room now: somebody shall look.
      link.connections()
          .await(
              link.connections()
                  .commands()
                  .zadd(Utf8.bytes(link.keys().key("marker")), 0, Utf8.bytes("0")));
    }
  }

  private void set(Map<String, Long> fields) {
    fields.forEach(
        (name, value) ->
            link.connections()
                .await(
                    link.connections()
                        .commands()
                        .hset(meta, Utf8.bytes(name), Utf8.bytes(Long.toString(value)))));
  }

  private void delete(String... fields) {
    byte[][] names = new byte[fields.length][];
    for (int i = 0; i < fields.length; i++) {
      names[i] = Utf8.bytes(fields[i]);
    }
    link.connections().await(link.connections().commands().hdel(meta, names));
  }

  private void pause(boolean paused) {
    List<String> keys =
        paused
            ? link.keys()
                .keys("wait", "paused", "meta", "prioritized", "events", "delayed", "marker")
            : link.keys()
                .keys("paused", "wait", "meta", "prioritized", "events", "delayed", "marker");
    String emit = "1";
    long left;
    do {
      // What is left are jobs of an old version's paused list, some thousands at a time.
      left = Reply.number(link.runOn(keys, Script.PAUSE, paused ? "paused" : "resumed", emit));
      emit = "0";
    } while (!paused && left > 0);
  }

  /**
   * Removes all that is not a job. A counter of tokens that is new begins above all earlier ones.
   */
  void remove() {
    var commands = link.connections().commands();
    Keys keys = link.keys();
    for (String pattern : List.of("repeat:*", "de:*", "dn:*")) {
      ScanArgs args =
          ScanArgs.Builder.matches(Utf8.bytes(escaped(keys.base()) + pattern)).limit(SCAN_PART);
      ScanCursor cursor = ScanCursor.INITIAL;
      while (!cursor.isFinished()) {
        KeyScanCursor<byte[]> found = link.connections().await(commands.scan(cursor, args));
        if (found == null) {
          break;
        }
        if (!found.getKeys().isEmpty()) {
          link.connections().await(commands.del(found.getKeys().toArray(new byte[0][])));
        }
        cursor = found;
      }
    }
    link.connections()
        .await(
            commands.del(
                meta,
                Utf8.bytes(keys.key("repeat")),
                Utf8.bytes(keys.key("limiter")),
                Utf8.bytes(keys.key("mainstay:cancel")),
                Utf8.bytes(keys.key("mainstay:metrics")),
                Utf8.bytes(keys.key("mainstay:minutes")),
                Utf8.bytes(keys.key("mainstay:seen")),
                Utf8.bytes(keys.key("mainstay:token")),
                Utf8.bytes(keys.key("mainstay:workers")),
                Utf8.bytes(keys.key("mainstay:stalled-check"))));
  }

  /** A text as a pattern that only it matches. */
  static String escaped(String text) {
    return text.replaceAll("([\\\\*?\\[\\]^])", "\\\\$1");
  }
}
