package dev.mainstay.server.platform.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor give it as {@code cursor} to get the next page; absent on the last
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;
}
