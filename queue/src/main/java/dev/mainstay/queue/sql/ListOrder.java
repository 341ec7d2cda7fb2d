package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobState;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** In which order the jobs of a state are listed, and how a cursor says where a page ended. */
record ListOrder(String condition, List<String> columns, boolean descending) {

  /** The one column of text; the others are integers. */
  private static final String GROUP = "group_name";

  static ListOrder of(JobState state) {
    return switch (state) {
      case WAITING -> new ListOrder("", List.of(GROUP, "priority", "position", "sequence"), false);
      case DELAYED -> new ListOrder("", List.of("run_at", "sequence"), false);
      case WAITING_CHILDREN -> new ListOrder("", List.of("created_at", "sequence"), false);
      case ACTIVE -> new ListOrder("", List.of("sequence"), false);
      case COMPLETED, FAILED ->
          new ListOrder(" AND finished_at IS NOT NULL", List.of("finished_at", "sequence"), true);
    };
  }

  String orderBy() {
    String direction = descending ? " DESC" : "";
    return columns.stream().map(column -> column + direction).collect(Collectors.joining(", "));
  }

  /** The condition of what follows a cursor, whose keys are its parameters. */
  String after() {
    String places = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
    return "(%s) %s (%s)".formatted(String.join(", ", columns), descending ? "<" : ">", places);
  }

  /**
   * @throws IllegalArgumentException the cursor is not one of such a list
   */
  List<Object> keys(String cursor) {
    List<String> parts = Arrays.asList(cursor.split("\\.", -1));
    if (parts.size() == columns.size()) {
      return IntStream.range(0, parts.size()).mapToObj(i -> key(i, parts.get(i))).toList();
    }
    throw new IllegalArgumentException("The cursor is not one of this list");
  }

  private Object key(int column, String part) {
    if (columns.get(column).equals(GROUP)) {
      byte[] name = Base64.getUrlDecoder().decode(part);
      return new String(name, StandardCharsets.UTF_8);
    }
    if (!part.matches("-?\\d{1,18}")) {
      throw new IllegalArgumentException("The cursor is not one of this list");
    }
    return Long.valueOf(part);
  }

  /** Where a row is. */
  List<Object> keys(ResultSet row) throws SQLException {
    List<Object> keys = new ArrayList<>();
    for (String column : columns) {
      if (column.equals(GROUP)) {
        keys.add(row.getString(column));
      } else {
        keys.add(row.getLong(column));
      }
    }
    return keys;
  }

  String cursor(List<Object> keys) {
    return keys.stream().map(ListOrder::part).collect(Collectors.joining("."));
  }

  private static String part(Object key) {
    return key instanceof String name
        ? Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(name.getBytes(StandardCharsets.UTF_8))
        : key.toString();
  }
}
