package dev.mainstay.queue.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;

/**
 * Lets the locks, rate limits and deduplication ids of a test end as if time had passed: Redis
 * keeps their time by its own clock.
 */
final class ServerTime implements AutoCloseable {
  private static final String ADVANCE =
      """
      local cursor = '0'
      repeat
        local found = redis.call('SCAN', cursor, 'MATCH', ARGV[1] .. ':*', 'COUNT', 1000)
        cursor = found[1]
        for _, key in ipairs(found[2]) do
          local left = redis.call('PTTL', key)
          if left >= 0 then
            if left > tonumber(ARGV[2]) then
              redis.call('PEXPIRE', key, left - tonumber(ARGV[2]))
            else
              redis.call('DEL', key)
            end
          end
        end
      until cursor == '0'
      """;

  private static final String FORGET =
      """
      local cursor = '0'
      repeat
        local found = redis.call('SCAN', cursor, 'MATCH', ARGV[1] .. ':*', 'COUNT', 1000)
        cursor = found[1]
        for _, key in ipairs(found[2]) do
          redis.call('DEL', key)
        end
      until cursor == '0'
      """;

  private final String prefix;
  private final RedisClient client = RedisClient.create(RedisServerProcess.shared().uri());
  private final StatefulRedisConnection<String, String> connection = client.connect();

  ServerTime(String prefix) {
    this.prefix = prefix;
  }

  void advance(Duration duration) {
    run(ADVANCE, Long.toString(Math.max(0, duration.toMillis())));
  }

  private void run(String script, String argument) {
    connection.sync().eval(script, ScriptOutputType.STATUS, new String[0], prefix, argument);
  }

  @Override
  public void close() {
    run(FORGET, "");
    client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
  }
}
