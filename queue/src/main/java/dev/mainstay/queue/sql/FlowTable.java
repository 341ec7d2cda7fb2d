package dev.mainstay.queue.sql;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Dependencies;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Parents and their children over all queues, each method within the caller's transaction. Rows of
 * {@code queue_parents} are the locks: they are taken first of all, in their order, or later only
 * if that needs no wait. So whoever waits for the row of a job holds nothing that the holder of
 * that row waits for.
 */
final class FlowTable {
  static final String LOCK = "SELECT sequence FROM queue_parents WHERE sequence = ? ";

  static final String PART_OF_FLOW =
      """
      SELECT parent_sequence, children, cancel_reason, deferred_failure FROM queue_jobs
      WHERE sequence = ? AND lease_token = ? AND state = 'ACTIVE'""";

  static final String WAITS =
      """
      SELECT EXISTS (SELECT 1 FROM queue_children
        WHERE parent_sequence = ? AND state = 'UNPROCESSED') AS waits""";

  static final String PROCESS =
      """
      UPDATE queue_children SET state = ?, value = ?
      WHERE parent_sequence = ? AND queue = ? AND id = ? AND state = 'UNPROCESSED'""";

  static final String REMOVE =
      """
      DELETE FROM queue_children
      WHERE parent_sequence = ? AND queue = ? AND id = ? AND state = 'UNPROCESSED'""";

  static final String AGAIN =
      """
      UPDATE queue_children SET state = 'UNPROCESSED', value = NULL
      WHERE parent_sequence = ? AND queue = ? AND id = ?
        AND EXISTS (SELECT 1 FROM queue_jobs
          WHERE sequence = queue_children.parent_sequence AND state IN ('WAITING_CHILDREN', 'FAILED'))""";

  /** A delay counts from the end of the children, once. */
  static final String FREE =
      """
      UPDATE queue_jobs SET
        state = CASE WHEN delay_ms > 0 AND processed_at IS NULL THEN 'DELAYED' ELSE 'WAITING' END,
        run_at = CASE WHEN delay_ms > 0 AND processed_at IS NULL THEN CAST(? AS BIGINT) + delay_ms END
      WHERE sequence = ? AND state = 'WAITING_CHILDREN'
      RETURNING queue, id, state, run_at""";

  static final String DEFER_FAILURE =
      """
      UPDATE queue_jobs SET
        deferred_failure = ?,
        state = CASE WHEN state = 'ACTIVE' THEN state ELSE 'WAITING' END,
        run_at = NULL
      WHERE sequence = ? AND state NOT IN ('COMPLETED', 'FAILED')
      RETURNING queue, id, state, run_at""";

  static final String ADD =
      "INSERT INTO queue_parents (sequence) VALUES (?) ON CONFLICT DO NOTHING";

  static final String ADD_CHILD =
      """
      INSERT INTO queue_children (parent_sequence, queue, id, child_sequence, state, value)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (parent_sequence, queue, id) DO UPDATE SET
        child_sequence = excluded.child_sequence, state = excluded.state, value = excluded.value""";

  private static final String COLUMNS = "queue, id, state, value";

  static final String LIST =
      """
      SELECT %s FROM queue_children
      WHERE parent_sequence = (SELECT sequence FROM queue_jobs WHERE queue = ? AND id = ?)
        AND (queue, id) > (?, ?)
      ORDER BY queue, id LIMIT ?"""
          .formatted(COLUMNS);

  static final String COUNT =
      """
      SELECT state, count(*) AS count FROM queue_children
      WHERE parent_sequence = (SELECT sequence FROM queue_jobs WHERE queue = ? AND id = ?)
      GROUP BY state""";

  private final Statements statements;

  FlowTable(Statements statements) {
    this.statements = statements;
  }

  /**
   * How a child has come to its end.
   *
   * @param parent the parent's sequence
   * @param state completed or failed; empty if the child is removed
   * @param value what it returned, or why it failed
   */
  record End(
      long parent,
      JobKey child,
      Optional<JobState> state,
      Optional<String> value,
      OnFailure onFailure) {

    static End removed(long parent, JobKey child) {
      return new End(parent, child, Optional.empty(), Optional.empty(), OnFailure.WAIT);
    }
  }

  /** Makes sure that nobody else changes what these wait for until the commit. */
  void lock(Connection connection, Collection<Long> parents) throws SQLException {
    for (long parent : new TreeSet<>(parents)) {
      select(connection, LOCK + statements.lockRow, parent);
    }
  }

  /**
   * As {@link #lock}, without a wait; for who has locked jobs already.
   *
   * @throws ConflictException one of them is locked
   */
  void lockNow(Connection connection, Collection<Long> parents) throws SQLException {
    for (long parent : new TreeSet<>(parents)) {
      if (!select(connection, LOCK + statements.lockRowNow, parent)
          && select(connection, LOCK, parent)) {
        throw new ConflictException("What a parent waits for is being changed");
      }
    }
  }

  private static boolean select(Connection connection, String sql, long key) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, key);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  boolean waits(Connection connection, long parent) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WAITS)) {
      statement.setLong(1, parent);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean("waits");
      }
    }
  }

  /** Settlements of jobs in flows, with what they change for their parents. */
  record Amended(List<Settlement> settlements, List<OptionalLong> parents) {}

  /**
   * Locks what the settlements of jobs in flows have to do with, and says what is to be written in
   * fact.
   *
   * @param all true if any of these jobs may be in a flow, whatever was known when it was taken
   */
  Amended amend(Connection connection, List<Settlement> settlements, boolean all, Instant now)
      throws SQLException {
    List<OptionalLong> parents = new ArrayList<>();
    Set<Long> locks = new TreeSet<>();
    boolean[] inFlow = new boolean[settlements.size()];
    for (int i = 0; i < inFlow.length; i++) {
      Settlement settlement = settlements.get(i);
      Optional<Part> part =
          all || inFlow(settlement) ? part(connection, settlement.claimed(), "") : Optional.empty();
      OptionalLong parent = part.map(Part::parent).orElse(OptionalLong.empty());
      inFlow[i] = part.isPresent();
      parents.add(parent);
      parent.ifPresent(locks::add);
      part.filter(Part::hasChildren).ifPresent(there -> locks.add(sequence(settlement)));
    }
    lock(connection, locks);
    List<Settlement> amended = new ArrayList<>(settlements);
    for (int place : LeaseTable.byToken(settlements, one -> one.claimed().token())) {
      Settlement settlement = settlements.get(place);
      Optional<Part> part =
          inFlow[place]
              ? part(connection, settlement.claimed(), statements.lockRow)
              : Optional.empty();
      if (part.isPresent()) {
        parents.set(place, part.get().parent());
        boolean waits = part.get().hasChildren() && waits(connection, sequence(settlement));
        amended.set(
            place,
            settlement.amended(
                waits, part.get().deferredFailure(), part.get().cancelReason(), now));
      }
    }
    return new Amended(amended, parents);
  }

  private static boolean inFlow(Settlement settlement) {
    return settlement.hasChildren()
        || settlement.claimed().job().parent().isPresent()
        || settlement.claimed().deferredFailure().isPresent()
        || settlement.state() == JobState.WAITING_CHILDREN;
  }

  private static long sequence(Settlement settlement) {
    return Statements.sequence(settlement.claimed().token());
  }

  /** True if a lease is held. */
  boolean active(Connection connection, Claimed claimed) throws SQLException {
    return part(connection, claimed, "").isPresent();
  }

  /** What an active job has to do with flows. */
  private record Part(
      OptionalLong parent,
      boolean hasChildren,
      Optional<String> cancelReason,
      Optional<String> deferredFailure) {}

  private static Optional<Part> part(Connection connection, Claimed claimed, String lock)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PART_OF_FLOW + " " + lock)) {
      JobRows.bind(statement, Statements.sequence(claimed.token()), claimed.token());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Part(
                    JobRows.millis(rows, "parent_sequence"),
                    rows.getInt("children") > 0,
                    Optional.ofNullable(rows.getString("cancel_reason")),
                    Optional.ofNullable(rows.getString("deferred_failure"))))
            : Optional.empty();
      }
    }
  }

  /** Tells parents, whose rows are locked, how children have ended. */
  void ended(Connection connection, List<End> ends, Instant now, Effects effects)
      throws SQLException {
    Set<Long> lighter = new LinkedHashSet<>();
    Set<Long> freed = new LinkedHashSet<>();
    for (End end : ends) {
      String reason = "child %s failed".formatted(end.child());
      switch (change(end)) {
        case NOTHING -> {}
        case REMOVE -> {
          if (JobRows.update(
                  connection, REMOVE, end.parent(), end.child().queue(), end.child().id())
              > 0) {
            lighter.add(end.parent());
          }
        }
        case PROCESSED -> {
          if (process(connection, end, DependencyState.PROCESSED)) {
            lighter.add(end.parent());
          }
        }
        case IGNORED -> {
          if (process(connection, end, DependencyState.IGNORED)) {
            (end.onFailure() == OnFailure.CONTINUE_PARENT ? freed : lighter).add(end.parent());
          }
        }
        case FAILED -> {
          if (process(connection, end, DependencyState.FAILED)) {
            move(connection, DEFER_FAILURE, effects, reason, end.parent());
          }
        }
      }
    }
    for (long parent : lighter) {
      if (!freed.contains(parent) && !waits(connection, parent)) {
        freed.add(parent);
      }
    }
    for (long parent : freed) {
      free(connection, parent, now, effects);
    }
  }

  private enum Change {
    NOTHING,
    REMOVE,
    PROCESSED,
    IGNORED,
    FAILED
  }

  private static Change change(End end) {
    if (end.state().isEmpty()) {
      return Change.REMOVE;
    }
    if (end.state().get() == JobState.COMPLETED) {
      return Change.PROCESSED;
    }
    return switch (end.onFailure()) {
      case WAIT -> Change.NOTHING;
      case FAIL_PARENT -> Change.FAILED;
      case CONTINUE_PARENT, IGNORE_DEPENDENCY -> Change.IGNORED;
      case REMOVE_DEPENDENCY -> Change.REMOVE;
    };
  }

  private static boolean process(Connection connection, End end, DependencyState state)
      throws SQLException {
    return JobRows.update(
            connection,
            PROCESS,
            state.name(),
            end.value().orElse(null),
            end.parent(),
            end.child().queue(),
            end.child().id())
        > 0;
  }

  void freeIfDone(Connection connection, long parent, Instant now, Effects effects)
      throws SQLException {
    if (!waits(connection, parent)) {
      free(connection, parent, now, effects);
    }
  }

  private static void free(Connection connection, long parent, Instant now, Effects effects)
      throws SQLException {
    move(connection, FREE, effects, now.toEpochMilli(), parent);
  }

  private static void move(Connection connection, String sql, Effects effects, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String queue = rows.getString("queue");
          effects.wake(queue);
          tell(effects, queue, rows);
        }
      }
    }
  }

  private static void tell(Effects effects, String queue, ResultSet row) throws SQLException {
    String id = row.getString("id");
    switch (JobState.valueOf(row.getString("state"))) {
      case WAITING -> effects.happens(queue, Event.waiting(id, JobState.WAITING_CHILDREN));
      case DELAYED ->
          effects.happens(queue, Event.delayed(id, Instant.ofEpochMilli(row.getLong("run_at"))));
      case WAITING_CHILDREN, ACTIVE, COMPLETED, FAILED -> {}
    }
  }

  /** A finished child waits again; its parent, whose row is locked, too if it has not gone on. */
  void again(Connection connection, long parent, JobKey child) throws SQLException {
    JobRows.update(connection, AGAIN, parent, child.queue(), child.id());
  }

  void addParent(Connection connection, long sequence) throws SQLException {
    JobRows.update(connection, ADD, sequence);
  }

  /** A child of a parent whose row is locked, or new. */
  record Child(
      long parent, JobKey job, long sequence, DependencyState state, Optional<String> value) {}

  void addChildren(Connection connection, List<Child> children) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADD_CHILD)) {
      for (Child child : children) {
        JobRows.bind(
            statement,
            child.parent(),
            child.job().queue(),
            child.job().id(),
            child.sequence(),
            child.state().name(),
            child.value().orElse(null));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  static Page<Dependency> list(
      Connection connection, JobKey parent, Optional<String> cursor, int limit)
      throws SQLException {
    Optional<JobKey> after = cursor.map(Dependencies::key);
    try (PreparedStatement statement = connection.prepareStatement(LIST)) {
      JobRows.bind(
          statement,
          parent.queue(),
          parent.id(),
          after.map(JobKey::queue).orElse(""),
          after.map(JobKey::id).orElse(""),
          limit + 1);
      List<Dependency> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Dependency(
                  new JobKey(rows.getString("queue"), rows.getString("id")),
                  DependencyState.valueOf(rows.getString("state")),
                  Optional.ofNullable(rows.getString("value"))));
        }
      }
      return Dependencies.page(found, limit);
    }
  }

  static Map<DependencyState, Long> count(Connection connection, JobKey parent)
      throws SQLException {
    Map<DependencyState, Long> counts = new EnumMap<>(DependencyState.class);
    for (DependencyState state : DependencyState.values()) {
      counts.put(state, 0L);
    }
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      JobRows.bind(statement, parent.queue(), parent.id());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          counts.put(DependencyState.valueOf(rows.getString("state")), rows.getLong("count"));
        }
      }
    }
    return counts;
  }
}
