package dev.mainstay.server.queue;

import static dev.mainstay.server.schema.Tables.QUEUES;

import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** The names of queues. */
final class QueueNameStore {

  /** A queue that exists. */
  record Row(String name, Instant createdAt) {}

  Optional<Row> find(DSLContext sql, QueueName queue) {
    return sql.select(QUEUES.NAME, QUEUES.CREATED_AT)
        .from(QUEUES)
        .where(QUEUES.ORGANIZATION_ID.eq(queue.organizationId()))
        .and(QUEUES.NAME.eq(queue.name()))
        .fetchOptional(row -> new Row(row.value1(), row.value2()));
  }

  /** Counts the queues of an organization, which gets no others before the transaction ends. */
  int count(Tx tx, String organizationId) {
    tx.exclusive("queues of " + organizationId);
    return tx.sql().fetchCount(QUEUES, QUEUES.ORGANIZATION_ID.eq(organizationId));
  }

  void insert(Tx tx, QueueName queue, Instant now) {
    tx.sql()
        .insertInto(QUEUES)
        .set(QUEUES.ORGANIZATION_ID, queue.organizationId())
        .set(QUEUES.NAME, queue.name())
        .set(QUEUES.CREATED_AT, now)
        .onConflictDoNothing()
        .execute();
  }

  void delete(Tx tx, QueueName queue) {
    tx.sql()
        .deleteFrom(QUEUES)
        .where(QUEUES.ORGANIZATION_ID.eq(queue.organizationId()))
        .and(QUEUES.NAME.eq(queue.name()))
        .execute();
  }

  /** By name. */
  List<Row> list(DSLContext sql, String organizationId, String after, int limit) {
    return sql.select(QUEUES.NAME, QUEUES.CREATED_AT)
        .from(QUEUES)
        .where(QUEUES.ORGANIZATION_ID.eq(organizationId))
        .and(QUEUES.NAME.gt(after))
        .orderBy(QUEUES.NAME)
        .limit(limit)
        .fetch(row -> new Row(row.value1(), row.value2()));
  }
}
