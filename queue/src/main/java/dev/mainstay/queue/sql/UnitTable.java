package dev.mainstay.queue.sql;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.spi.ClaimSource;
import dev.mainstay.queue.spi.ClaimSource.Measure;
import dev.mainstay.queue.spi.RateWindow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What jobs that run use of the unit limits, each method within the caller's transaction. */
final class UnitTable {
  private final SettingsTable settings;
  private final GroupTable groups;
  private final RateTable rates;

  UnitTable(SettingsTable settings, GroupTable groups, RateTable rates) {
    this.settings = settings;
    this.groups = groups;
    this.rates = rates;
  }

  Optional<Instant> reserve(Connection connection, String group, long units, Instant now)
      throws SQLException {
    Map<String, RateLimit> limits = limits(connection, group);
    long freeAt = 0;
    for (Map.Entry<String, RateLimit> limit : limits.entrySet()) {
      RateWindow window =
          rates.window(connection, limit.getKey(), Measure.UNITS, limit.getValue(), now);
      if (!window.admits(units)) {
        freeAt = Math.max(freeAt, window.freeAt(units));
      }
    }
    if (freeAt > 0) {
      return Optional.of(Instant.ofEpochMilli(freeAt));
    }
    for (Map.Entry<String, RateLimit> limit : limits.entrySet()) {
      rates.use(connection, limit.getKey(), Measure.UNITS, limit.getValue(), units, now, now);
    }
    return Optional.empty();
  }

  int correct(Connection connection, String group, long units, Instant at, Instant now)
      throws SQLException {
    Map<String, RateLimit> limits = limits(connection, group);
    for (Map.Entry<String, RateLimit> limit : limits.entrySet()) {
      rates.use(connection, limit.getKey(), Measure.UNITS, limit.getValue(), units, at, now);
    }
    if (units < 0) {
      groups.unblock(connection, group);
    }
    return limits.size();
  }

  /** The unit limits that hold for a group's jobs, locked, by the group that they count for. */
  private Map<String, RateLimit> limits(Connection connection, String group) throws SQLException {
    Map<String, RateLimit> limits = new LinkedHashMap<>();
    SettingsTable.Present present = settings.get(connection);
    if (!present.limited()) {
      return limits;
    }
    present = settings.lock(connection);
    present.settings().units().ifPresent(limit -> limits.put(ClaimSource.NO_GROUP, limit));
    if (!group.equals(ClaimSource.NO_GROUP)) {
      GroupLimits own = groups.own(connection, group).orElse(present.settings().groups());
      own.units().ifPresent(limit -> limits.put(group, limit));
    }
    return limits;
  }
}
