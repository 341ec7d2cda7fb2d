package dev.mainstay.server.platform.http;

import java.util.List;

/** A body or an answer that is one item, or a JSON list of them. */
public interface OneOrMany<T> {

  List<T> items();

  /** True if a list stands for the items, also if it has one alone. */
  boolean many();

  /** What a path below {@code items}, such as {@code items[2].name}, is called on the wire. */
  default String field(String path) {
    String below = path.replaceFirst(many() ? "^items" : "^items\\[0]\\.?", "");
    return below.isEmpty() ? "body" : below;
  }
}
