package dev.mainstay.queue.sql;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.FlowJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How flows get into queues, within the caller's transaction. */
final class FlowInserts {
  static final String ADD_TO_PARENT =
      """
      UPDATE queue_jobs SET children = children + ?
      WHERE sequence = ? AND lease_token = ? AND state = 'ACTIVE'
      RETURNING children""";

  private static final String THERE =
      """
      SELECT job.sequence, job.state, job.return_value, parent.sequence AS living_parent
      FROM queue_jobs job LEFT JOIN queue_jobs parent ON parent.sequence = job.parent_sequence
      WHERE job.queue = ? AND job.id = ?""";

  private static final String LOCK = "SELECT sequence FROM queue_jobs WHERE sequence = ? ";

  private static final String ATTACH =
      "UPDATE queue_jobs SET parent_sequence = ?, parent_queue = ?, parent_id = ? WHERE sequence = ?";

  private static final String PARENT = "SELECT parent_sequence FROM queue_jobs WHERE sequence = ?";

  private final Statements statements;
  private final FlowTable flows;

  FlowInserts(Statements statements, FlowTable flows) {
    this.statements = statements;
    this.flows = flows;
  }

  /** A parent that is in the tables, for jobs that are about to be added below it. */
  private record Above(long sequence, JobKey key) {}

  /** As {@link dev.mainstay.queue.spi.FlowStore#add}. */
  List<Optional<Job>> add(Connection connection, List<FlowJob> jobs, Instant now, Effects effects)
      throws SQLException {
    return new Insertion(connection, jobs, null, now, effects).run();
  }

  /** As {@link dev.mainstay.queue.spi.QueueStore#addChildren}. */
  Optional<List<Optional<Job>>> addChildren(
      Connection connection,
      String queue,
      Claimed parent,
      List<FlowJob> jobs,
      Instant now,
      Effects effects)
      throws SQLException {
    if (!flows.active(connection, parent)) {
      return Optional.empty();
    }
    long sequence = Statements.sequence(parent.token());
    flows.addParent(connection, sequence);
    flows.lock(connection, List.of(sequence));
    long roots = jobs.stream().filter(job -> job.parent() == FlowJob.ROOT).count();
    if (!count(connection, parent, roots)) {
      throw new ConflictException("The lease is lost");
    }
    Above above = new Above(sequence, new JobKey(queue, parent.job().id()));
    return Optional.of(new Insertion(connection, jobs, above, now, effects).run());
  }

  private static boolean count(Connection connection, Claimed parent, long roots)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADD_TO_PARENT)) {
      JobRows.bind(statement, roots, Statements.sequence(parent.token()), parent.token());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return false;
        }
        Limits.range("The number of children", rows.getInt("children"), 0, FlowProducer.MAX_JOBS);
        return true;
      }
    }
  }

  /** One call: level by level, for the jobs of a level need the sequences of those above. */
  private final class Insertion {
    private final Connection connection;
    private final List<FlowJob> jobs;
    private final @Nullable Above root;
    private final Instant now;
    private final Effects effects;
    private final Map<String, JobTable> tables = new TreeMap<>();
    private final List<Optional<Job>> added = new ArrayList<>();
    private final @Nullable Above[] parents;
    private final int[] children;

    Insertion(
        Connection connection,
        List<FlowJob> jobs,
        @Nullable Above root,
        Instant now,
        Effects effects) {
      this.connection = connection;
      this.jobs = jobs;
      this.root = root;
      this.now = now;
      this.effects = effects;
      this.parents = new @Nullable Above[jobs.size()];
      this.children = new int[jobs.size()];
    }

    List<Optional<Job>> run() throws SQLException {
      Map<String, TreeSet<String>> deduplications = new TreeMap<>();
      for (FlowJob job : jobs) {
        added.add(Optional.empty());
        if (job.parent() != FlowJob.ROOT) {
          children[job.parent()]++;
        }
        tables.computeIfAbsent(job.queue(), name -> new JobTable(name, statements, flows));
        job.request()
            .options()
            .deduplication()
            .map(Deduplication::id)
            .ifPresent(
                id -> deduplications.computeIfAbsent(job.queue(), name -> new TreeSet<>()).add(id));
      }
      for (Map.Entry<String, TreeSet<String>> ids : deduplications.entrySet()) {
        table(ids.getKey()).deduplications().lock(connection, ids.getValue());
      }
      for (int from = 0; from < jobs.size(); ) {
        int to = from;
        while (to < jobs.size() && jobs.get(to).parent() < from) {
          to++;
        }
        addLevel(from, to);
        from = to;
      }
      for (Above parent : parents) {
        if (parent != null) {
          flows.freeIfDone(connection, parent.sequence(), now, effects);
        }
      }
      tables.keySet().forEach(effects::wake);
      return added;
    }

    private JobTable table(String queue) {
      return tables.computeIfAbsent(queue, name -> new JobTable(name, statements, flows));
    }

    private @Nullable Above above(int place) {
      int parent = jobs.get(place).parent();
      return parent == FlowJob.ROOT ? root : parents[parent];
    }

    /** Adds jobs whose parents have been added, or are not to be. */
    private void addLevel(int from, int to) throws SQLException {
      Map<String, Map<String, Integer>> byQueue = new LinkedHashMap<>();
      List<Integer> twice = new ArrayList<>();
      for (int place = from; place < to; place++) {
        FlowJob job = jobs.get(place);
        if (job.parent() != FlowJob.ROOT && above(place) == null) {
          continue;
        }
        if (isRefused(place)) {
          continue;
        }
        Integer before =
            byQueue
                .computeIfAbsent(job.queue(), name -> new LinkedHashMap<>())
                .putIfAbsent(job.id(), place);
        if (before != null) {
          twice.add(place);
        }
      }
      List<FlowTable.Child> links = new ArrayList<>();
      for (Map.Entry<String, Map<String, Integer>> entry : byQueue.entrySet()) {
        insert(entry.getKey(), entry.getValue(), links);
      }
      flows.addChildren(connection, links);
      for (int place : twice) {
        added.set(place, attach(place));
      }
    }

    /** Whether the deduplication of a job has it that another one stands in the way. */
    private boolean isRefused(int place) throws SQLException {
      FlowJob job = jobs.get(place);
      if (job.request().options().deduplication().isEmpty()
          || table(job.queue()).find(connection, job.id()).isPresent()) {
        return false;
      }
      Optional<Job> other =
          table(job.queue())
              .deduplications()
              .refuse(connection, job.request(), job.id(), now, effects);
      added.set(place, other);
      return other.isPresent();
    }

    private void insert(String queue, Map<String, Integer> places, List<FlowTable.Child> links)
        throws SQLException {
      List<JobTable.Fresh> fresh = new ArrayList<>();
      for (int place : places.values()) {
        fresh.add(fresh(place));
      }
      Map<String, Long> sequences = table(queue).addFresh(connection, fresh, effects);
      int next = 0;
      for (int place : places.values()) {
        FlowJob job = jobs.get(place);
        Long sequence = sequences.get(job.id());
        if (sequence == null) {
          added.set(place, attach(place));
          next++;
          continue;
        }
        added.set(place, Optional.of(fresh.get(next).job()));
        next++;
        Above parent = above(place);
        JobKey key = new JobKey(queue, job.id());
        if (parent != null) {
          links.add(
              new FlowTable.Child(
                  parent.sequence(), key, sequence, DependencyState.UNPROCESSED, Optional.empty()));
        }
        if (job.hasChildren()) {
          parents[place] = new Above(sequence, key);
          flows.addParent(connection, sequence);
        }
      }
    }

    private JobTable.Fresh fresh(int place) {
      FlowJob job = jobs.get(place);
      Job plain = Job.added(job.request(), job.id(), now);
      Job shaped = job.hasChildren() ? plain.withChildren() : plain;
      Above parent = above(place);
      return parent == null
          ? new JobTable.Fresh(shaped, children[place], OptionalLong.empty())
          : new JobTable.Fresh(
              shaped.childOf(parent.key()), children[place], OptionalLong.of(parent.sequence()));
    }

    /** Makes a job that is there a child, if it is to be one. */
    private Optional<Job> attach(int place) throws SQLException {
      FlowJob job = jobs.get(place);
      Above parent = above(place);
      if (parent != null) {
        attach(new JobKey(job.queue(), job.id()), parent);
      }
      effects.happens(job.queue(), Event.duplicated(job.id()));
      return table(job.queue()).find(connection, job.id());
    }

    private void attach(JobKey key, Above parent) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(THERE)) {
        JobRows.bind(statement, key.queue(), key.id());
        try (ResultSet rows = statement.executeQuery()) {
          if (!rows.next()) {
            throw new ConflictException("Job %s is being removed".formatted(key));
          }
          OptionalLong living = JobRows.millis(rows, "living_parent");
          if (living.isPresent() && living.getAsLong() == parent.sequence()) {
            return;
          }
          long sequence = rows.getLong("sequence");
          if (living.isPresent() || isAbove(sequence, parent.sequence())) {
            throw new IllegalStateException("Job %s has another parent".formatted(key));
          }
          boolean completed = rows.getString("state").equals(JobState.COMPLETED.name());
          Optional<String> value = Optional.ofNullable(rows.getString("return_value"));
          link(key, sequence, parent, completed, value);
        }
      }
    }

    private void link(
        JobKey key, long sequence, Above parent, boolean completed, Optional<String> value)
        throws SQLException {
      try (PreparedStatement statement =
          connection.prepareStatement(LOCK + statements.lockRowNow)) {
        statement.setLong(1, sequence);
        try (ResultSet rows = statement.executeQuery()) {
          if (!rows.next()) {
            throw new ConflictException("Job %s is being changed".formatted(key));
          }
        }
      }
      JobRows.update(
          connection, ATTACH, parent.sequence(), parent.key().queue(), parent.key().id(), sequence);
      DependencyState state = completed ? DependencyState.PROCESSED : DependencyState.UNPROCESSED;
      flows.addChildren(
          connection,
          List.of(
              new FlowTable.Child(
                  parent.sequence(), key, sequence, state, completed ? value : Optional.empty())));
    }

    /** True if a job would have to wait for itself. */
    private boolean isAbove(long sequence, long below) throws SQLException {
      Map<Long, Boolean> seen = new HashMap<>();
      OptionalLong at = OptionalLong.of(below);
      while (at.isPresent() && seen.put(at.getAsLong(), true) == null) {
        if (at.getAsLong() == sequence) {
          return true;
        }
        try (PreparedStatement statement = connection.prepareStatement(PARENT)) {
          statement.setLong(1, at.getAsLong());
          try (ResultSet rows = statement.executeQuery()) {
            at = rows.next() ? JobRows.millis(rows, "parent_sequence") : OptionalLong.empty();
          }
        }
      }
      return false;
    }
  }
}
