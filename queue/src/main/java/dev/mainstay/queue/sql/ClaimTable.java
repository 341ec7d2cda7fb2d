package dev.mainstay.queue.sql;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Claims;
import dev.mainstay.queue.spi.RateWindow;
import dev.mainstay.queue.spi.Settings;
import dev.mainstay.queue.spi.Turn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How jobs that wait are taken, within the caller's transaction. */
final class ClaimTable {
  private static final Comparator<Place> ORDER =
      Comparator.comparing((Place place) -> place.claimed().job().options().priority())
          .thenComparing(Place::position)
          .thenComparing(Place::sequence);

  private final String queue;
  private final Statements statements;
  private final SettingsTable settings;
  private final GroupTable groups;
  private final RateTable rates;

  /** Where a claimed job stood among those that wait. */
  private record Place(Claimed claimed, long position, long sequence) {}

  ClaimTable(
      String queue,
      Statements statements,
      SettingsTable settings,
      GroupTable groups,
      RateTable rates) {
    this.queue = queue;
    this.statements = statements;
    this.settings = settings;
    this.groups = groups;
    this.rates = rates;
  }

  /**
   * @param seen what holds for the queue, as it was read in this transaction
   */
  Claims.Taken take(Connection connection, Turn turn, SettingsTable.Present seen)
      throws SQLException {
    // Who counts must keep the others from taking more until the commit.
    SettingsTable.Present present = seen.limited() ? settings.lock(connection) : seen;
    return Claims.take(
        new Source(connection, turn),
        present.settings(),
        present.grouped(),
        present.limited(),
        turn.capacity(),
        turn.lastGroup());
  }

  /** Whether the limits of the queue as a whole allow a job to start, as far as a look tells. */
  boolean open(Connection connection) throws SQLException {
    Settings present = settings.get(connection).settings();
    return !present.paused()
        && (present.concurrency().isEmpty()
            || active(connection) < present.concurrency().getAsInt());
  }

  private int active(Connection connection) throws SQLException {
    return count(connection, Statements.ACTIVE, queue);
  }

  private static int count(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRows.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** The tables as one worker sees them in its turn. */
  private final class Source implements ClaimSource<SQLException> {
    private final Connection connection;
    private final Turn turn;
    private final Instant now;

    Source(Connection connection, Turn turn) {
      this.connection = connection;
      this.turn = turn;
      this.now = turn.clock().instant();
    }

    @Override
    public int active() throws SQLException {
      return ClaimTable.this.active(connection);
    }

    @Override
    public int active(String group) throws SQLException {
      return count(connection, Statements.ACTIVE_OF_GROUP, queue, group);
    }

    @Override
    public List<String> groups(String after, int limit, int each) throws SQLException {
      List<String> names = new ArrayList<>();
      names(names, Statements.GROUPS_AFTER, List.of(queue, after, queue), limit, each);
      if (names.size() < limit) {
        names(names, Statements.GROUPS_UP_TO, List.of(queue, after, queue, after), limit, each);
      }
      return names;
    }

    private void names(List<String> names, String sql, List<Object> place, int limit, int each)
        throws SQLException {
      long millis = now.toEpochMilli();
      List<Object> values = new ArrayList<>(place);
      values.addAll(List.of(millis, millis, queue, queue, queue, each, limit - names.size()));
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        JobRows.bind(statement, values.toArray());
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            names.add(rows.getString("name"));
          }
        }
      }
    }

    @Override
    public Optional<GroupLimits> limits(String group) throws SQLException {
      return groups.own(connection, group);
    }

    @Override
    public List<Claimed> claim(String group, int limit) throws SQLException {
      return claim(statements.claim, group, limit);
    }

    @Override
    public Optional<Claimed> claimOne(String group, long units) throws SQLException {
      return claim(statements.claimOne, group, 1, units).stream().findFirst();
    }

    private List<Claimed> claim(String sql, String group, Object... bounds) throws SQLException {
      List<Object> values = new ArrayList<>();
      values.add(turn.workerId());
      values.add(turn.leaseUntil().toEpochMilli());
      values.add(now.toEpochMilli());
      values.add(queue);
      values.add(group);
      values.addAll(List.of(bounds));
      List<Place> claimed = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        JobRows.bind(statement, values.toArray());
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            claimed.add(
                new Place(
                    new Claimed(
                        JobRows.job(rows),
                        rows.getLong("lease_token"),
                        rows.getInt("children") > 0,
                        Optional.ofNullable(rows.getString("deferred_failure"))),
                    rows.getLong("position"),
                    rows.getLong("sequence")));
          }
        }
      }
      return claimed.stream().sorted(ORDER).map(Place::claimed).toList();
    }

    @Override
    public OptionalLong wanted(String group) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(Statements.WANTED)) {
        JobRows.bind(statement, queue, group);
        try (ResultSet rows = statement.executeQuery()) {
          return rows.next() ? OptionalLong.of(rows.getLong("units")) : OptionalLong.empty();
        }
      }
    }

    @Override
    public RateWindow window(String group, Measure measure, RateLimit limit) throws SQLException {
      return rates.window(connection, group, measure, limit, now);
    }

    @Override
    public void use(String group, Measure measure, RateLimit limit, long amount)
        throws SQLException {
      rates.use(connection, group, measure, limit, amount, now, now);
    }

    @Override
    public void block(String group, long until) throws SQLException {
      groups.block(connection, group, now.toEpochMilli(), until);
    }
  }
}
