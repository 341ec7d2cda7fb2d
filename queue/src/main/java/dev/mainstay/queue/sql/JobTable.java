package dev.mainstay.queue.sql;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.json.OptionsJson;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.JobIds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How jobs get into a queue and are read, each within the caller's transaction. */
final class JobTable {
  /**
   * Jobs of one statement at most; others are split into powers of two, so that few texts occur.
   */
  private static final int ROWS = 64;

  /** Others may remove the job that stands in the way of an insert before it is read. */
  private static final int ADD_TRIES = 3;

  private final String queue;
  private final Statements statements;
  private final DeduplicationTable deduplications;

  JobTable(String queue, Statements statements, FlowTable flows) {
    this.queue = queue;
    this.statements = statements;
    this.deduplications = new DeduplicationTable(queue, statements, this, flows);
  }

  DeduplicationTable deduplications() {
    return deduplications;
  }

  List<Job> add(Connection connection, List<JobRequest> requests, Instant now, Effects effects)
      throws SQLException {
    List<String> ids =
        requests.stream()
            .flatMap(request -> request.options().deduplication().stream())
            .map(Deduplication::id)
            .toList();
    if (ids.isEmpty()) {
      return addAll(connection, requests, now, effects);
    }
    deduplications.lock(connection, ids);
    List<Job> jobs = new ArrayList<>();
    for (JobRequest request : requests) {
      jobs.add(addOne(connection, request, now, effects));
    }
    return jobs;
  }

  /** Whether {@link #addAlone} may add such a job. */
  static boolean alone(JobRequest request) {
    return request.options().deduplication().isEmpty() && !request.options().lifo();
  }

  /**
   * Adds a job and what is to be told of it, with one statement.
   *
   * @return empty if its id is there, and nothing has changed
   */
  Optional<Job> addAlone(Connection connection, JobRequest request, Instant now)
      throws SQLException {
    String id = request.options().id().orElseGet(() -> JobIds.next(now));
    Job job = Job.added(request, id, now);
    List<@Nullable Object> values = new ArrayList<>(Row.alone(job, 0).values(queue));
    values.addAll(EventTable.values(queue, List.of(Event.added(job), Event.state(job)), now));
    try (PreparedStatement statement = connection.prepareStatement(statements.addAlone)) {
      JobRows.bind(statement, values.toArray());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(job) : Optional.empty();
      }
    }
  }

  private Job addOne(Connection connection, JobRequest request, Instant now, Effects effects)
      throws SQLException {
    if (request.options().deduplication().isEmpty()) {
      return addAnyway(connection, request, now, effects);
    }
    String id = request.options().id().orElseGet(() -> JobIds.next(now));
    Optional<Job> there = find(connection, id);
    if (there.isPresent()) {
      effects.happens(queue, Event.duplicated(id));
    } else {
      there = deduplications.refuse(connection, request, id, now, effects);
    }
    if (there.isPresent()) {
      return there.get();
    }
    return addAnyway(connection, request.with(options -> options.id(id)), now, effects);
  }

  /** Adds a job whose deduplication id is its own. */
  Job addAnyway(Connection connection, JobRequest request, Instant now, Effects effects)
      throws SQLException {
    return addAll(connection, List.of(request), now, effects).getFirst();
  }

  /**
   * @return false if its id is there
   */
  boolean addJob(Connection connection, Job job, Effects effects) throws SQLException {
    return !insert(
            connection, List.of(Row.alone(job, position(connection, job.options()))), effects)
        .isEmpty();
  }

  private long position(Connection connection, JobOptions options) throws SQLException {
    Place place = Place.of(options);
    return options.lifo() ? front(connection, place.group(), place.priority()) - 1 : 0;
  }

  private List<Job> addAll(
      Connection connection, List<JobRequest> requests, Instant now, Effects effects)
      throws SQLException {
    List<Fresh> fresh =
        requests.stream()
            .map(
                request ->
                    Fresh.alone(
                        Job.added(
                            request,
                            request.options().id().orElseGet(() -> JobIds.next(now)),
                            now)))
            .toList();
    List<Row> rows = rows(connection, fresh);
    Set<String> added = new HashSet<>(insertAll(connection, rows, effects).keySet());
    List<Job> jobs = new ArrayList<>();
    for (Row row : rows) {
      jobs.add(added.remove(row.job().id()) ? row.job() : existing(connection, row, effects));
    }
    return jobs;
  }

  /**
   * A job to add.
   *
   * @param children how many it is added with
   * @param parent the parent's sequence
   */
  record Fresh(Job job, int children, OptionalLong parent) {

    static Fresh alone(Job job) {
      return new Fresh(job, 0, OptionalLong.empty());
    }
  }

  /**
   * Adds jobs that may be part of a flow, but for those whose ids are there.
   *
   * @return the sequences of those that were added, by id
   */
  Map<String, Long> addFresh(Connection connection, List<Fresh> fresh, Effects effects)
      throws SQLException {
    return insertAll(connection, rows(connection, fresh), effects);
  }

  private List<Row> rows(Connection connection, List<Fresh> fresh) throws SQLException {
    List<Row> rows = new ArrayList<>();
    Map<Place, Long> fronts = new HashMap<>();
    for (Fresh one : fresh) {
      long position = 0;
      if (one.job().options().lifo()) {
        Place place = Place.of(one.job().options());
        Long front = fronts.get(place);
        position = (front == null ? front(connection, place.group(), place.priority()) : front) - 1;
        fronts.put(place, position);
      }
      rows.add(new Row(one, position));
    }
    return rows;
  }

  private Map<String, Long> insertAll(Connection connection, List<Row> rows, Effects effects)
      throws SQLException {
    Map<String, Long> added = new HashMap<>();
    for (int start = 0; start < rows.size(); ) {
      int size = Math.min(ROWS, Integer.highestOneBit(rows.size() - start));
      added.putAll(insert(connection, rows.subList(start, start + size), effects));
      start += size;
    }
    return added;
  }

  /** The job that stood in the way of an insert, or the one to add if that is gone by now. */
  private Job existing(Connection connection, Row row, Effects effects) throws SQLException {
    for (int tries = 0; tries < ADD_TRIES; tries++) {
      Optional<Job> there = find(connection, row.job().id());
      if (there.isPresent()) {
        effects.happens(queue, Event.duplicated(row.job().id()));
        return there.get();
      }
      if (!insert(connection, List.of(row), effects).isEmpty()) {
        return row.job();
      }
    }
    throw new IllegalStateException("Job %s is neither added nor there".formatted(row.job().id()));
  }

  /**
   * A job as it is added.
   *
   * @param position 0, or where it is last in, first out
   */
  private record Row(Fresh fresh, long position) {

    static Row alone(Job job, long position) {
      return new Row(Fresh.alone(job), position);
    }

    Job job() {
      return fresh.job();
    }

    List<@Nullable Object> values(String queue) {
      Job job = job();
      JobOptions options = job.options();
      return Arrays.asList(
          queue,
          job.id(),
          job.name(),
          job.data(),
          job.state().name(),
          options.priority(),
          position,
          options.delay().toMillis(),
          options.attempts(),
          options.backoff().type(),
          options.backoff().delay().toMillis(),
          options.backoff().jitter(),
          JobRows.count(options.removeOnComplete()),
          millis(options.removeOnComplete()),
          JobRows.count(options.removeOnFail()),
          millis(options.removeOnFail()),
          options.timeout().map(Duration::toMillis).orElse(null),
          options.keepLogs(),
          options.stackTraceLimit(),
          options.group().orElse(ClaimSource.NO_GROUP),
          options.units(),
          options.deduplication().map(OptionsJson::writeDeduplication).orElse(null),
          job.schedulerId().orElse(null),
          JobRows.millis(job.runAt()),
          job.createdAt().toEpochMilli(),
          fresh.children(),
          fresh.parent().isPresent() ? (Long) fresh.parent().getAsLong() : null,
          job.parent().map(JobKey::queue).orElse(null),
          job.parent().map(JobKey::id).orElse(null),
          options.onFailure() == OnFailure.WAIT ? null : options.onFailure().name());
    }

    private static @Nullable Long millis(Retention retention) {
      return retention.age().map(Duration::toMillis).orElse(null);
    }
  }

  /** Jobs among which a new one may be the last in and first out. */
  record Place(String group, int priority) {

    static Place of(JobOptions options) {
      return new Place(options.group().orElse(ClaimSource.NO_GROUP), options.priority());
    }
  }

  /** The foremost position of those, 0 if none was put in front. */
  long front(Connection connection, String group, int priority) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.FRONT)) {
      JobRows.bind(statement, queue, group, priority);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /**
   * @return the sequences of those whose ids were not there, by id
   */
  private Map<String, Long> insert(Connection connection, List<Row> rows, Effects effects)
      throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    for (Row row : rows) {
      values.addAll(row.values(queue));
    }
    try (PreparedStatement statement = connection.prepareStatement(Statements.add(rows.size()))) {
      JobRows.bind(statement, values.toArray());
      Map<String, Long> added = new HashMap<>();
      try (ResultSet ids = statement.executeQuery()) {
        while (ids.next()) {
          added.put(ids.getString("id"), ids.getLong("sequence"));
        }
      }
      if (effects.events()) {
        Set<String> fresh = new HashSet<>(added.keySet());
        for (Row row : rows) {
          if (fresh.remove(row.job().id())) {
            effects.happens(queue, Event.added(row.job()));
            effects.happens(queue, Event.state(row.job()));
          }
        }
      }
      return added;
    }
  }

  Optional<Job> find(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.FIND)) {
      JobRows.bind(statement, queue, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(JobRows.job(rows)) : Optional.empty();
      }
    }
  }

  Page<Job> list(Connection connection, JobState state, Optional<String> cursor, int limit)
      throws SQLException {
    ListOrder order = ListOrder.of(state);
    List<Object> values = new ArrayList<>();
    values.add(queue);
    cursor.map(order::keys).ifPresent(values::addAll);
    values.add(limit + 1);
    try (PreparedStatement statement =
        connection.prepareStatement(Statements.list(state, cursor.isEmpty()))) {
      JobRows.bind(statement, values.toArray());
      List<Job> jobs = new ArrayList<>();
      List<Object> last = List.of();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (jobs.size() == limit) {
            return new Page<>(jobs, Optional.of(order.cursor(last)));
          }
          jobs.add(JobRows.job(rows));
          last = order.keys(rows);
        }
      }
      return new Page<>(jobs, Optional.empty());
    }
  }

  Map<JobState, Long> counts(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.COUNTS)) {
      JobRows.bind(statement, queue, queue, queue, queue, queue, queue);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
          counts.put(state, rows.getLong(state.name().toLowerCase(Locale.ROOT)));
        }
        return counts;
      }
    }
  }
}
