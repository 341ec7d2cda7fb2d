package dev.mainstay.queue.chaos;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server of its own, with PostgreSQL's default durability. */
final class PostgresStore implements DurableStore {
  private final Path data;
  private EmbeddedPostgres server;

  PostgresStore(Path data) throws IOException {
    this.data = data;
    this.server = builder().start();
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        // It would try to stop a server that has crashed.
        .setRegisterShutdownHook(false)
        .setPGStartupWait(Duration.ofSeconds(60))
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("max_connections", "200");
  }

  @Override
  public String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public void crash() throws IOException {
    long pid =
        Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    // Its children end by themselves once they find it dead; only then may it start again.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !postmaster.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
    Files.deleteIfExists(data.resolve("epg-lock"));
    EmbeddedPostgres before = server;
    server = builder().setPort(before.getPort()).start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
