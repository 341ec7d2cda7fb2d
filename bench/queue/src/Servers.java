import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import redis.embedded.RedisServer;

/** The stores, on temporary directories; each syncs to disk at every commit. */
final class Servers implements AutoCloseable {
  private final Path directory;
  private final EmbeddedPostgres postgres;
  private final RedisServer redis;
  private final int redisPort;

  Servers() throws IOException {
    directory = Files.createTempDirectory("mainstay-bench");
    postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .setServerConfig("max_connections", "500")
            .setPGStartupWait(Duration.ofSeconds(60))
            .start();
    try (ServerSocket free = new ServerSocket(0)) {
      redisPort = free.getLocalPort();
    }
    redis =
        RedisServer.newRedisServer()
            .port(redisPort)
            .setting("dir " + directory)
            .setting("save \"\"")
            .setting("appendonly yes")
            .setting("appendfsync always")
            .setting("maxmemory-policy noeviction")
            .build();
    redis.start();
  }

  /** A place of its own for a system on a store. */
  String url(Store store, String system) throws SQLException {
    return switch (store) {
      case MEMORY -> "memory:";
      case SQLITE -> "jdbc:sqlite:" + directory.resolve(system + ".db");
      case REDIS -> "redis://127.0.0.1:" + redisPort + "/0";
      case POSTGRES -> {
        sql("postgres", "create database " + system);
        yield "postgres://postgres@127.0.0.1:%d/%s".formatted(postgres.getPort(), system);
      }
    };
  }

  private String jdbc(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres"
        .formatted(postgres.getPort(), database);
  }

  /** The same place for a driver of Java. */
  String jdbcUrl(Store store, String system, String url) {
    return store == Store.POSTGRES ? jdbc(system) : url;
  }

  /** What a removal of all jobs has left is cleared away, so that no run pays for another. */
  void tidy(Store store, String system) throws SQLException {
    if (store == Store.POSTGRES) {
      sql(system, "vacuum analyze");
      sql(system, "checkpoint");
    }
  }

  /** Bytes that a system's jobs take. */
  long size(Store store, String system) throws Exception {
    return switch (store) {
      case MEMORY -> 0;
      case SQLITE -> {
        long bytes = 0;
        for (String suffix : new String[] {".db", ".db-wal"}) {
          Path file = directory.resolve(system + suffix);
          bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        yield bytes;
      }
      case REDIS -> {
        try (var client =
                io.lettuce.core.RedisClient.create("redis://127.0.0.1:" + redisPort);
            var connection = client.connect()) {
          yield connection
              .sync()
              .info("memory")
              .lines()
              .filter(line -> line.startsWith("used_memory:"))
              .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
              .findFirst()
              .orElseThrow();
        }
      }
      case POSTGRES -> {
        try (Connection connection = DriverManager.getConnection(jdbc(system));
            Statement statement = connection.createStatement();
            ResultSet row =
                statement.executeQuery("select pg_database_size(current_database())")) {
          row.next();
          yield row.getLong(1);
        }
      }
    };
  }

  private void sql(String database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc(database));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Processor time of a store's server so far, in microseconds. */
  long cpuMicros(Store store) {
    return switch (store) {
      case MEMORY, SQLITE -> 0;
      case POSTGRES -> Cpu.ofServer("postgres", postgres.getPort());
      case REDIS -> Cpu.ofServer("redis", redisPort);
    };
  }

  @Override
  public void close() throws IOException {
    redis.stop();
    postgres.close();
  }
}
