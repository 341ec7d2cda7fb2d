package dev.mainstay.queue.memory;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;

/**
 * Where a job stands among those of its state.
 *
 * @param group of a job that waits; else empty
 */
record Place(String group, long first, long position, long sequence) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::group)
          .thenComparingLong(Place::first)
          .thenComparingLong(Place::position)
          .thenComparingLong(Place::sequence);

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  String cursor() {
    String name =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(group.getBytes(StandardCharsets.UTF_8));
    return "%s.%d.%d.%d".formatted(name, first, position, sequence);
  }

  /**
   * @throws IllegalArgumentException it is not a {@link #cursor}
   */
  static Place of(String cursor) {
    if (!cursor.matches("[\\w-]*(\\.-?\\d{1,18}){3}")) {
      throw new IllegalArgumentException("The cursor is not one of this list");
    }
    String[] parts = cursor.split("\\.", -1);
    return new Place(
        new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]));
  }
}
