package dev.mainstay.queue.spi;

import java.util.OptionalLong;

/**
 * Which job a change is meant for.
 *
 * @param token if given, only while the job is active under this lease
 */
public record Target(String id, OptionalLong token) {

  public static Target job(String id) {
    return new Target(id, OptionalLong.empty());
  }

  public static Target lease(Claimed claimed) {
    return new Target(claimed.job().id(), OptionalLong.of(claimed.token()));
  }
}
