package dev.mainstay.server.audit;

import static dev.mainstay.server.schema.Tables.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.http.Client;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long acts are kept. */
class AuditLogTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir Path directory;

  private static AuditLog at(Instant time) {
    return new AuditLog(() -> time);
  }

  private static String owner(Database database) {
    new Identity(database, () -> NOW).ensureOwner();
    return database.read(sql -> sql.select(USERS.ID).from(USERS).fetchSingle(USERS.ID));
  }

  private static void record(Database database, Instant time, String actor, String action) {
    database.execute(tx -> at(time).record(tx, AuditLog.Act.of(action, actor, Client.COMMAND)));
  }

  @Test
  void whatIsOlderThanItIsKeptGoesHoweverMuchItIs() {
    try (Database database = TestDatabases.open(directory)) {
      String owner = owner(database);
      for (int i = 0; i < 510; i++) {
        record(database, NOW.minus(Duration.ofDays(400)), owner, "old");
      }
      record(database, NOW.minus(Duration.ofDays(300)), owner, "young");
      AuditLog log = at(NOW);
      assertThat(log.prune(database, Duration.ofDays(365))).isEqualTo(510);
      assertThat(log.prune(database, Duration.ofDays(365))).isZero();
      AuditStore.Query all =
          new AuditStore.Query(
              Optional.empty(),
              Optional.of(owner),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              10);
      assertThat(database.read(sql -> new AuditStore().page(sql, all)).items())
          .extracting(AuditEntryView::action)
          .isEqualTo(List.of("young"));
    }
  }
}
