package dev.mainstay.server.platform.http;

import static dev.mainstay.server.schema.Tables.IDEMPOTENCY_KEYS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @TempDir private Path directory;

  @Test
  void answersOfAllOrganizationsAreRemovedAfterTwoDays() {
    try (Database database = TestDatabases.open(directory)) {
      database.execute(
          tx -> {
            for (String organization : List.of("a", "b")) {
              tx.sql()
                  .insertInto(ORGANIZATIONS)
                  .set(ORGANIZATIONS.ID, organization)
                  .set(ORGANIZATIONS.NAME, organization)
                  .set(ORGANIZATIONS.SLUG, organization)
                  .set(ORGANIZATIONS.CREATED_AT, NOW)
                  .execute();
              for (Duration age :
                  List.of(Idempotency.KEPT, Idempotency.KEPT.plusMillis(1), Duration.ofDays(9))) {
                tx.sql()
                    .insertInto(IDEMPOTENCY_KEYS)
                    .set(IDEMPOTENCY_KEYS.ORGANIZATION_ID, organization)
                    .set(IDEMPOTENCY_KEYS.ENDPOINT, "POST /x")
                    .set(IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY, age.toString())
                    .set(IDEMPOTENCY_KEYS.BODY_HASH, "")
                    .set(IDEMPOTENCY_KEYS.STATUS, 201)
                    .set(IDEMPOTENCY_KEYS.RESPONSE, "{}")
                    .set(IDEMPOTENCY_KEYS.CREATED_AT, NOW.minus(age))
                    .execute();
              }
            }
          });
      database.execute(new Idempotency(InstantSource.fixed(NOW))::prune);
      assertThat(
              database.<List<String>>read(
                  sql ->
                      sql.select(IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY)
                          .from(IDEMPOTENCY_KEYS)
                          .fetch(IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY)))
          .containsExactly(Idempotency.KEPT.toString(), Idempotency.KEPT.toString());
    }
  }
}
