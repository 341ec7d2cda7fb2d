package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.spi.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How jobs that may be part of a flow are removed, within the caller's transaction. */
final class FlowRemoval {
  static final String CHILDREN =
      """
      SELECT job.sequence, job.queue, job.id, job.state, job.children, job.deduplication, job.scheduler_id
      FROM queue_children child
      JOIN queue_jobs job ON job.sequence = child.child_sequence
        AND job.parent_sequence = child.parent_sequence
      WHERE child.parent_sequence = ? AND child.state = 'UNPROCESSED'""";

  private static final String STATE = "SELECT state FROM queue_jobs WHERE sequence = ? ";

  private static final String REMOVE = "DELETE FROM queue_jobs WHERE sequence = ?";

  static final String PARENTS =
      """
      SELECT sequence, id, parent_sequence FROM queue_jobs
      WHERE queue = ? AND children > 0 ORDER BY id LIMIT ?""";

  private final Statements statements;
  private final FlowTable flows;

  FlowRemoval(Statements statements, FlowTable flows) {
    this.statements = statements;
    this.flows = flows;
  }

  /** A job that is to be removed, its parent by sequence. */
  record Node(
      long sequence,
      JobKey key,
      JobState state,
      OptionalLong parent,
      boolean hasChildren,
      Optional<String> deduplication,
      Optional<String> schedulerId) {}

  /**
   * Removes a job, whose row is locked, with the children that it waits for, and theirs.
   *
   * @return what is gone; empty if one of them is active, and nothing is
   */
  Optional<List<Node>> remove(Connection connection, Node root, Instant now, Effects effects)
      throws SQLException {
    List<Node> tree = root.hasChildren() ? tree(connection, root) : List.of(root);
    if (tree.size() > 1 || root.hasChildren()) {
      // Once these are locked nothing joins the tree or ends in it.
      flows.lockNow(connection, locks(tree));
      tree = tree(connection, root);
      flows.lockNow(connection, locks(tree));
    }
    for (Node child : tree.subList(1, tree.size())) {
      if (!lock(connection, child)) {
        return Optional.empty();
      }
    }
    for (Node node : tree.reversed()) {
      JobRows.update(connection, REMOVE, node.sequence());
      effects.happens(node.key().queue(), Event.removed(node.key().id(), node.state()));
    }
    if (root.parent().isPresent()) {
      long parent = root.parent().getAsLong();
      flows.lockNow(connection, List.of(parent));
      flows.ended(connection, List.of(FlowTable.End.removed(parent, root.key())), now, effects);
    }
    return Optional.of(tree);
  }

  private static Set<Long> locks(List<Node> tree) {
    Set<Long> locks = new TreeSet<>();
    tree.forEach(node -> locks.add(node.sequence()));
    return locks;
  }

  private static List<Node> tree(Connection connection, Node root) throws SQLException {
    List<Node> tree = new ArrayList<>();
    Deque<Node> open = new ArrayDeque<>();
    open.add(root);
    while (!open.isEmpty()) {
      Node node = open.remove();
      tree.add(node);
      if (node.hasChildren()) {
        open.addAll(children(connection, node.sequence()));
      }
    }
    return tree;
  }

  private static List<Node> children(Connection connection, long parent) throws SQLException {
    List<Node> children = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(CHILDREN)) {
      statement.setLong(1, parent);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          children.add(
              new Node(
                  rows.getLong("sequence"),
                  new JobKey(rows.getString("queue"), rows.getString("id")),
                  JobState.valueOf(rows.getString("state")),
                  OptionalLong.of(parent),
                  rows.getInt("children") > 0,
                  Optional.ofNullable(rows.getString("deduplication")),
                  Optional.ofNullable(rows.getString("scheduler_id"))));
        }
      }
    }
    return children;
  }

  /** False if it is active. */
  private boolean lock(Connection connection, Node node) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STATE + statements.lockRowNow)) {
      statement.setLong(1, node.sequence());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new ConflictException("Job %s is being changed".formatted(node.key()));
        }
        return JobState.valueOf(rows.getString("state")) != JobState.ACTIVE;
      }
    }
  }

  /**
   * Removes jobs by a statement that returns their ids and parents; their parents no longer wait
   * for them.
   *
   * @return the ids
   */
  List<String> removeSome(
      Connection connection,
      String queue,
      JobState state,
      Instant now,
      Effects effects,
      String sql,
      @Nullable Object... values)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    List<FlowTable.End> ends = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String id = rows.getString("id");
          ids.add(id);
          effects.happens(queue, Event.removed(id, state));
          JobRows.millis(rows, "parent_sequence")
              .ifPresent(parent -> ends.add(FlowTable.End.removed(parent, new JobKey(queue, id))));
        }
      }
    }
    if (!ends.isEmpty()) {
      flows.lockNow(connection, ends.stream().map(FlowTable.End::parent).toList());
      flows.ended(connection, ends, now, effects);
    }
    return ids;
  }

  /** Removes jobs that have children, whatever becomes of these. */
  int removeParents(Connection connection, String queue, int limit, Instant now, Effects effects)
      throws SQLException {
    List<Long> sequences = new ArrayList<>();
    List<FlowTable.End> ends = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(PARENTS + " " + statements.lockRowNow)) {
      JobRows.bind(statement, queue, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sequences.add(rows.getLong("sequence"));
          JobKey key = new JobKey(queue, rows.getString("id"));
          JobRows.millis(rows, "parent_sequence")
              .ifPresent(parent -> ends.add(FlowTable.End.removed(parent, key)));
        }
      }
    }
    List<Long> locks = new ArrayList<>(sequences);
    ends.forEach(end -> locks.add(end.parent()));
    flows.lockNow(connection, locks);
    for (long sequence : sequences) {
      JobRows.update(connection, REMOVE, sequence);
    }
    flows.ended(connection, ends, now, effects);
    return sequences.size();
  }
}
