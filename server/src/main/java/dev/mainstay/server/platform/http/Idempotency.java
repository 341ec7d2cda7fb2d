package dev.mainstay.server.platform.http;

import static dev.mainstay.server.schema.Tables.IDEMPOTENCY_KEYS;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jooq.Condition;

/**
 * Keeps the answer of a creating request under the caller's {@code Idempotency-Key}, in the same
 * transaction as what it created: the two exist together or not at all.
 */
final class Idempotency {
  static final int MAX_KEY_LENGTH = 255;
  static final Duration KEPT = Duration.ofDays(2);

  private static final int PRUNE_BATCH = 5_000;

  private final InstantSource clock;

  Idempotency(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The key is taken first: of two requests with the same one, the second waits here for the end of
   * the first, and then finds its answer or, if it failed, takes the key itself.
   */
  Answer.Body once(Tx tx, Request request, Supplier<Answer.Body> work) {
    if (!take(tx, request)) {
      return stored(tx, request);
    }
    Answer.Body answer = work.get();
    keep(tx, request, answer);
    return answer;
  }

  private boolean take(Tx tx, Request request) {
    return tx.sql()
            .insertInto(IDEMPOTENCY_KEYS)
            .set(IDEMPOTENCY_KEYS.ORGANIZATION_ID, request.organizationId())
            .set(IDEMPOTENCY_KEYS.ENDPOINT, request.endpoint())
            .set(IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY, request.key())
            .set(IDEMPOTENCY_KEYS.BODY_HASH, request.bodyHash())
            .set(IDEMPOTENCY_KEYS.STATUS, 0)
            .set(IDEMPOTENCY_KEYS.RESPONSE, "")
            .set(IDEMPOTENCY_KEYS.CREATED_AT, clock.instant())
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  private static Answer.Body stored(Tx tx, Request request) {
    var row =
        tx.sql()
            .select(
                IDEMPOTENCY_KEYS.BODY_HASH,
                IDEMPOTENCY_KEYS.STATUS,
                IDEMPOTENCY_KEYS.LOCATION,
                IDEMPOTENCY_KEYS.RESPONSE)
            .from(IDEMPOTENCY_KEYS)
            .where(is(request))
            .fetchSingle();
    if (!row.value1().equals(request.bodyHash())) {
      throw ProblemException.conflict(
          "idempotency-key-reused", "This Idempotency-Key was used with another body");
    }
    Answer.Body stored = Answer.json(row.value2(), Json.read(row.value4()));
    return row.value3() == null ? stored : stored.header("Location", row.value3());
  }

  private void keep(Tx tx, Request request, Answer.Body answer) {
    tx.sql()
        .update(IDEMPOTENCY_KEYS)
        .set(IDEMPOTENCY_KEYS.STATUS, answer.status())
        .set(IDEMPOTENCY_KEYS.LOCATION, answer.header("Location").orElse(null))
        .set(IDEMPOTENCY_KEYS.RESPONSE, Json.write(withoutSecret(answer.value())))
        .where(is(request))
        .execute();
  }

  /** Removes what was kept long enough, of all organizations; a bounded number at a time. */
  void prune(Tx tx) {
    tx.sql()
        .deleteFrom(IDEMPOTENCY_KEYS)
        .where(
            row(
                    IDEMPOTENCY_KEYS.ORGANIZATION_ID,
                    IDEMPOTENCY_KEYS.ENDPOINT,
                    IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY)
                .in(
                    select(
                            IDEMPOTENCY_KEYS.ORGANIZATION_ID,
                            IDEMPOTENCY_KEYS.ENDPOINT,
                            IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY)
                        .from(IDEMPOTENCY_KEYS)
                        .where(IDEMPOTENCY_KEYS.CREATED_AT.lt(clock.instant().minus(KEPT)))
                        .orderBy(IDEMPOTENCY_KEYS.CREATED_AT)
                        .limit(PRUNE_BATCH)))
        .execute();
  }

  private static Condition is(Request request) {
    return IDEMPOTENCY_KEYS
        .ORGANIZATION_ID
        .eq(request.organizationId())
        .and(IDEMPOTENCY_KEYS.ENDPOINT.eq(request.endpoint()))
        .and(IDEMPOTENCY_KEYS.IDEMPOTENCY_KEY.eq(request.key()));
  }

  /** A secret that is shown once is not stored for a second showing. */
  private static Object withoutSecret(Object value) {
    return value instanceof ShownOnce shown ? shown.withoutSecret() : value;
  }

  /** What identifies a request. */
  record Request(String organizationId, String endpoint, String key, String bodyHash) {}
}
