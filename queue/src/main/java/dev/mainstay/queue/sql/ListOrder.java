package dev.mainstay.queue.sql;

import dev.mainstay.queue.JobState;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** In which order the jobs of a state are listed, and how a cursor says where a page ended. */
record ListOrder(String condition, List<String> columns, boolean descending) {

  static ListOrder of(JobState state) {
    return switch (state) {
      case WAITING -> new ListOrder("", List.of("priority", "position", "sequence"), false);
      case DELAYED -> new ListOrder("", List.of("run_at", "sequence"), false);
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
    List<String> parts = Arrays.asList(cursor.split("_", -1));
    if (parts.size() == columns.size() && parts.stream().allMatch(ListOrder::isKey)) {
      return parts.stream().<Object>map(Long::valueOf).toList();
    }
    throw new IllegalArgumentException("The cursor is not one of this list");
  }

  private static boolean isKey(String part) {
    return part.matches("-?\\d{1,18}");
  }

  static String cursor(List<Long> keys) {
    return keys.stream().map(String::valueOf).collect(Collectors.joining("_"));
  }
}
