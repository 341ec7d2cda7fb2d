package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Browsers in which somebody is not asked for a second factor, for 30 days after each sign-in. */
final class TwoFactorDevices {
  static final Duration LIFE = Duration.ofDays(30);

  private final InstantSource clock;
  private final TwoFactorDeviceStore store = new TwoFactorDeviceStore();

  TwoFactorDevices(InstantSource clock) {
    this.clock = clock;
  }

  /** The secret of a browser that is trusted from now on. */
  String trust(Tx tx, String userId) {
    String token = Ids.secret();
    Instant now = clock.instant();
    store.insert(tx, Ids.hash(token), userId, now, now.plus(LIFE));
    return token;
  }

  /** Another secret for the one that a browser has, if that is good for this user. */
  Optional<String> renew(Tx tx, String userId, String token) {
    return store.take(tx, Ids.hash(token), userId, clock.instant())
        ? Optional.of(trust(tx, userId))
        : Optional.empty();
  }

  void endAll(Tx tx, String userId) {
    store.deleteAll(tx, userId);
  }
}
