package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Claims;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.Outlook;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Recovered;
import dev.mainstay.queue.spi.Settlement;
import dev.mainstay.queue.spi.Turn;
import dev.mainstay.queue.spi.Unheard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** What workers do with the jobs of a queue, each within the caller's transaction. */
final class LeaseTable {
  private final String queue;
  private final Statements statements;
  private final SettingsTable settings;
  private final ClaimTable claims;
  private final GroupTable groups;
  private final DeduplicationTable deduplications;
  private final SchedulerTable schedulers;
  private final FlowTable flows;

  LeaseTable(
      String queue,
      Statements statements,
      SettingsTable settings,
      ClaimTable claims,
      GroupTable groups,
      DeduplicationTable deduplications,
      SchedulerTable schedulers,
      FlowTable flows) {
    this.flows = flows;
    this.queue = queue;
    this.statements = statements;
    this.settings = settings;
    this.claims = claims;
    this.groups = groups;
    this.deduplications = deduplications;
    this.schedulers = schedulers;
  }

  /**
   * @param all false to take it that only jobs that were in a flow as they were taken are in one
   * @throws ConflictException others are, too
   */
  Exchange exchange(Connection connection, Turn turn, boolean all, Effects effects)
      throws SQLException {
    FlowTable.Amended amended = flows.amend(connection, turn.settlements(), all, turn.now());
    List<Boolean> held = settle(connection, amended, turn.now());
    if (!all) {
      requireKnown(connection, amended, held);
    }
    boolean finished = tell(amended, held, effects);
    flows.ended(connection, ends(amended, held), turn.now(), effects);
    deduplications.settled(connection, turn.settlements(), held, turn.now(), effects);
    if (turn.capacity() == 0) {
      return new Exchange(held, List.of(), List.of(), turn.lastGroup(), Outlook.NOTHING);
    }
    // One look tells what of the rest is needed; under load that is nothing but the claim.
    SettingsTable.Present seen = settings.get(connection);
    long now = turn.now().toEpochMilli();
    boolean changed = false;
    List<Recovered> recovered = List.of();
    if (seen.nextLeaseEnd() <= now) {
      recovered = recover(connection, turn.now(), turn.maxStalled(), effects);
      if (!recovered.isEmpty()) {
        deduplications.addDue(connection, turn.now(), effects);
      }
      changed = true;
    }
    if (seen.nextRun() <= now) {
      promote(connection, turn.now(), effects);
      changed = true;
    }
    if (changed) {
      seen = settings.get(connection);
    }
    Claims.Taken taken = claims.take(connection, turn, seen);
    for (Claimed claimed : taken.claimed()) {
      effects.happens(queue, Event.active(claimed.job().id()));
    }
    schedulers.taken(connection, taken.claimed(), turn.now(), effects);
    Outlook outlook = outlook(connection, turn, seen, taken, finished, effects);
    return new Exchange(held, recovered, taken.claimed(), taken.last(), outlook);
  }

  private Outlook outlook(
      Connection connection,
      Turn turn,
      SettingsTable.Present seen,
      Claims.Taken taken,
      boolean finished,
      Effects effects)
      throws SQLException {
    if (taken.claimed().size() == turn.capacity()) {
      // With all slots taken the next look is at the end of a job, whatever the outlook.
      return Outlook.NOTHING;
    }
    boolean perhapsDrained = finished && taken.claimed().isEmpty();
    if (!perhapsDrained && !seen.grouped() && !seen.limited()) {
      // It has taken all that it has seen; whoever adds more says so.
      return new Outlook(false, Math.min(seen.nextRun(), seen.nextLeaseEnd()));
    }
    Look look = look(connection);
    if (finished && look.idle()) {
      effects.happens(queue, Event.ofQueue(QueueEventType.DRAINED));
    }
    Outlook outlook = look.outlook(taken.room() > 0 && !taken.dry());
    if (!taken.dry()) {
      return outlook;
    }
    long groupFreeAt = groups.nextFree(connection, turn.now().toEpochMilli());
    long freeAt = Math.min(taken.freeAt(), groupFreeAt);
    return new Outlook(outlook.waiting(), Math.min(outlook.nextDue(), freeAt));
  }

  Outlook outlook(Connection connection) throws SQLException {
    return look(connection).outlook(claims.open(connection));
  }

  /** What there is, whatever may be taken of it. */
  private record Look(boolean waiting, long nextRun, long nextLeaseEnd) {

    boolean idle() {
      return !waiting && nextLeaseEnd == Long.MAX_VALUE;
    }

    Outlook outlook(boolean room) {
      return new Outlook(waiting && room, Math.min(nextRun, nextLeaseEnd));
    }
  }

  private Look look(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.OUTLOOK)) {
      JobRows.bind(statement, queue, queue, queue);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        long nextRun = JobRows.millis(rows, "next_run").orElse(Long.MAX_VALUE);
        long nextLeaseEnd = JobRows.millis(rows, "next_lease_end").orElse(Long.MAX_VALUE);
        return new Look(rows.getBoolean("waiting"), nextRun, nextLeaseEnd);
      }
    }
  }

  /** Makes delayed jobs that are due wait, the first of them. */
  private void promote(Connection connection, Instant now, Effects effects) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statements.promote)) {
      JobRows.bind(statement, queue, now.toEpochMilli(), QueueStore.BATCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          effects.happens(queue, Event.waiting(rows.getString("id"), JobState.DELAYED));
        }
      }
    }
  }

  /**
   * @return true if a job has finished
   */
  private boolean tell(FlowTable.Amended amended, List<Boolean> held, Effects effects) {
    boolean finished = false;
    for (int i = 0; i < held.size(); i++) {
      Settlement settlement = amended.settlements().get(i);
      if (held.get(i) && effects.events()) {
        finished |= settlement.finished();
        Event.settled(settlement).forEach(event -> effects.happens(queue, event));
      }
    }
    return finished;
  }

  /** A job whose lease has ended waits or has failed now. */
  private void tellOfLoss(ResultSet row, Effects effects) throws SQLException {
    String id = row.getString("id");
    boolean failed = JobState.valueOf(row.getString("state")) == JobState.FAILED;
    String reason = failed ? row.getString("failed_reason") : "";
    effects.happens(
        queue,
        failed ? Event.failed(id, reason, JobState.ACTIVE) : Event.waiting(id, JobState.ACTIVE));
  }

  /** Takes jobs from workers that let the lease end, the first of them. */
  private List<Recovered> recover(
      Connection connection, Instant now, int maxStalled, Effects effects) throws SQLException {
    String reason =
        "stalled more than %d times: its worker died or stopped renewing the lease"
            .formatted(maxStalled);
    long millis = now.toEpochMilli();
    try (PreparedStatement statement = connection.prepareStatement(statements.recover)) {
      JobRows.bind(
          statement,
          maxStalled,
          maxStalled,
          reason,
          maxStalled,
          reason,
          maxStalled,
          millis,
          queue,
          millis,
          QueueStore.BATCH);
      List<Recovered> recovered = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          effects.happens(queue, Event.stalled(rows.getString("id")));
          tellOfLoss(rows, effects);
          recovered.add(
              new Recovered(
                  rows.getLong("lease_token"),
                  rows.getString("id"),
                  JobState.valueOf(rows.getString("state")),
                  rows.getString("worker_id"),
                  rows.getInt("stalled_count"),
                  JobRows.retention(rows, "keep_failed", "keep_failed_ms")));
        }
      }
      return recovered;
    }
  }

  /** Another transaction may have made a job that is active a child of another. */
  private void requireKnown(Connection connection, FlowTable.Amended amended, List<Boolean> held)
      throws SQLException {
    for (int i = 0; i < held.size(); i++) {
      if (!held.get(i) && flows.active(connection, amended.settlements().get(i).claimed())) {
        throw new ConflictException("A job that ends has got a parent meanwhile");
      }
    }
  }

  private List<FlowTable.End> ends(FlowTable.Amended amended, List<Boolean> held) {
    List<FlowTable.End> ends = new ArrayList<>();
    for (int i = 0; i < held.size(); i++) {
      Settlement settlement = amended.settlements().get(i);
      OptionalLong parent = amended.parents().get(i);
      if (held.get(i) && settlement.finished() && parent.isPresent()) {
        JobKey child = new JobKey(queue, settlement.claimed().job().id());
        boolean completed = settlement.state() == JobState.COMPLETED;
        ends.add(
            new FlowTable.End(
                parent.getAsLong(),
                child,
                Optional.of(settlement.state()),
                completed ? settlement.returnValue() : settlement.failedReason(),
                settlement.claimed().job().options().onFailure()));
        if (!completed && settlement.removes()) {
          // What waits for it to be tried again would wait for ever.
          ends.add(FlowTable.End.removed(parent.getAsLong(), child));
        }
      }
    }
    return ends;
  }

  private List<Boolean> settle(Connection connection, FlowTable.Amended amended, Instant now)
      throws SQLException {
    List<Settlement> settlements = amended.settlements();
    Boolean[] held = new Boolean[settlements.size()];
    List<Integer> order = byToken(settlements, settlement -> settlement.claimed().token());
    for (int from = 0; from < held.length; ) {
      boolean removes = settlements.get(order.get(from)).removes();
      int to = from;
      while (to < held.length && settlements.get(order.get(to)).removes() == removes) {
        to++;
      }
      List<Integer> run = order.subList(from, to);
      try (PreparedStatement statement =
          connection.prepareStatement(removes ? Statements.SETTLE_AND_REMOVE : Statements.SETTLE)) {
        for (int place : run) {
          bind(statement, settlements.get(place), amended.parents().get(place), now);
          statement.addBatch();
        }
        record(held, run, statement.executeBatch());
      }
      from = to;
    }
    return Arrays.asList(held);
  }

  /**
   * The order in which rows are locked: the threads of a worker that settle and renew the same jobs
   * must not wait for each other.
   */
  static <T> List<Integer> byToken(List<T> rows, ToLongFunction<T> token) {
    return IntStream.range(0, rows.size())
        .boxed()
        .sorted(Comparator.comparingLong(place -> token.applyAsLong(rows.get(place))))
        .toList();
  }

  private static void bind(
      PreparedStatement statement, Settlement settlement, OptionalLong parent, Instant now)
      throws SQLException {
    long token = settlement.claimed().token();
    Long parentSequence = parent.isPresent() ? parent.getAsLong() : null;
    if (settlement.removes()) {
      JobRows.bind(statement, Statements.sequence(token), token, parentSequence);
      return;
    }
    boolean again = !settlement.finished();
    JobRows.bind(
        statement,
        again,
        settlement.state().name(),
        settlement.attemptsMade(),
        JobRows.millis(settlement.runAt()),
        settlement.returnValue().orElse(null),
        again,
        settlement.failedReason().orElse(null),
        Json.writeStrings(settlement.stackTraces()),
        again,
        now.toEpochMilli(),
        JobRows.millis(settlement.finishedAt()),
        again,
        Statements.sequence(token),
        token,
        parentSequence);
  }

  private static void record(Boolean[] held, List<Integer> places, int[] counts) {
    for (int i = 0; i < counts.length; i++) {
      held[places.get(i)] = counts[i] > 0;
    }
  }

  List<Boolean> renew(Connection connection, List<Claimed> leases, Instant until)
      throws SQLException {
    Boolean[] held = new Boolean[leases.size()];
    List<Integer> order = byToken(leases, Claimed::token);
    try (PreparedStatement statement = connection.prepareStatement(Statements.RENEW)) {
      for (int place : order) {
        long token = leases.get(place).token();
        JobRows.bind(statement, until.toEpochMilli(), Statements.sequence(token), token);
        statement.addBatch();
      }
      record(held, order, statement.executeBatch());
    }
    return Arrays.asList(held);
  }

  Map<Long, String> cancellations(Connection connection, String workerId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.CANCELLATIONS)) {
      JobRows.bind(statement, queue, workerId);
      Map<Long, String> reasons = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reasons.put(rows.getLong("lease_token"), rows.getString("cancel_reason"));
        }
      }
      return reasons;
    }
  }

  int takeOver(Connection connection, String workerId, Instant now, Effects effects)
      throws SQLException {
    int count =
        release(connection, effects, Statements.TAKE_OVER, now.toEpochMilli(), queue, workerId);
    deduplications.addDue(connection, now, effects);
    return count;
  }

  int giveBack(Connection connection, Unheard unheard, Instant now, Effects effects)
      throws SQLException {
    int count = 0;
    for (long token : tokens(connection, unheard)) {
      count +=
          release(
              connection,
              effects,
              Statements.GIVE_BACK,
              now.toEpochMilli(),
              queue,
              unheard.workerId(),
              Statements.sequence(token),
              token);
    }
    if (count > 0) {
      deduplications.addDue(connection, now, effects);
    }
    return count;
  }

  /** Of the leases that their worker does not know of. */
  private List<Long> tokens(Connection connection, Unheard unheard) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(Statements.LEASES)) {
      JobRows.bind(statement, queue, unheard.workerId());
      List<Long> tokens = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long token = rows.getLong("lease_token");
          Instant until = Instant.ofEpochMilli(rows.getLong("lease_until"));
          if (unheard.leaseEnds().contains(until) && !unheard.held().contains(token)) {
            tokens.add(token);
          }
        }
      }
      return tokens;
    }
  }

  /** Makes active jobs wait again, or fail if someone has canceled them. */
  private int release(Connection connection, Effects effects, String sql, Object... values)
      throws SQLException {
    int count = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          tellOfLoss(rows, effects);
          count++;
        }
      }
    }
    return count;
  }

  int prune(Connection connection, JobState state, Retention kept, Instant now)
      throws SQLException {
    // Jobs before this place go: those older than the age, and those beyond the count.
    long finishedAt =
        kept.age().isPresent() ? now.minus(kept.age().get()).toEpochMilli() : Long.MIN_VALUE;
    long sequence = 0;
    if (kept.count() > 0 && kept.count() < Integer.MAX_VALUE) {
      try (PreparedStatement statement = connection.prepareStatement(Statements.OLDEST_KEPT)) {
        JobRows.bind(statement, queue, state.name(), kept.count() - 1);
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next() && rows.getLong("finished_at") >= finishedAt) {
            finishedAt = rows.getLong("finished_at");
            sequence = rows.getLong("sequence");
          }
        }
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(statements.prune)) {
      JobRows.bind(statement, queue, state.name(), finishedAt, sequence, QueueStore.BATCH);
      return statement.executeUpdate();
    }
  }
}
