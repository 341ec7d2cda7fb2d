package dev.mainstay.server.queue;

import static dev.mainstay.server.schema.Tables.BULK_ACTIONS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.QUEUES;
import static dev.mainstay.server.schema.Tables.REDIS_NAMING;

import dev.mainstay.server.platform.Tx;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Which organization's queues have plain names in Redis. */
final class QueueNamingStore {

  /** How far the names are. */
  enum State {
    QUALIFIED,
    /** From qualified names, for all queues. */
    MOVING,
    /** From one organization to another. */
    HANDING_OVER,
    PLAIN;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /** The row that there is, if any. */
  record Row(State state, Optional<String> organization) {}

  Optional<Row> find(Tx tx) {
    tx.exclusive("queue naming");
    return tx.sql()
        .select(REDIS_NAMING.STATE, REDIS_NAMING.ORGANIZATION)
        .from(REDIS_NAMING)
        .fetchOptional(
            row -> new Row(State.of(row.value1()), Optional.<String>ofNullable(row.value2())));
  }

  void save(Tx tx, State state, Optional<String> organization) {
    @Nullable String value = organization.orElse(null);
    tx.sql()
        .insertInto(REDIS_NAMING)
        .set(REDIS_NAMING.ID, 1)
        .set(REDIS_NAMING.STATE, state.word())
        .set(REDIS_NAMING.ORGANIZATION, value)
        .onConflict(REDIS_NAMING.ID)
        .doUpdate()
        .set(REDIS_NAMING.STATE, state.word())
        .set(REDIS_NAMING.ORGANIZATION, value)
        .execute();
  }

  /** The id of an organization by its id or its slug. */
  Optional<String> organization(DSLContext sql, String idOrSlug) {
    return sql.select(ORGANIZATIONS.ID)
        .from(ORGANIZATIONS)
        .where(ORGANIZATIONS.ID.eq(idOrSlug).or(ORGANIZATIONS.SLUG.eq(idOrSlug)))
        .orderBy(ORGANIZATIONS.ID.eq(idOrSlug).desc())
        .limit(1)
        .fetchOptional(ORGANIZATIONS.ID);
  }

  List<String> queues(DSLContext sql, String organizationId) {
    return sql.select(QUEUES.NAME)
        .from(QUEUES)
        .where(QUEUES.ORGANIZATION_ID.eq(organizationId))
        .orderBy(QUEUES.NAME)
        .fetch(QUEUES.NAME);
  }

  boolean hasQueues(DSLContext sql, String organizationId) {
    return sql.fetchExists(QUEUES, QUEUES.ORGANIZATION_ID.eq(organizationId));
  }

  /** Queues change hands. Bulk actions over them stay with whose they were, and are gone. */
  void handOver(Tx tx, String from, String to) {
    tx.sql().deleteFrom(BULK_ACTIONS).where(BULK_ACTIONS.ORGANIZATION_ID.eq(from)).execute();
    tx.sql()
        .update(QUEUES)
        .set(QUEUES.ORGANIZATION_ID, to)
        .where(QUEUES.ORGANIZATION_ID.eq(from))
        .execute();
  }
}
