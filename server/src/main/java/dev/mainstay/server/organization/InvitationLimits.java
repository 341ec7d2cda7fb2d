package dev.mainstay.server.organization;

import dev.mainstay.server.platform.http.RateLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * How often organizations write to people who have not asked for it: counted per organization, per
 * user, who may make as many as they like, and per address.
 */
final class InvitationLimits {
  private static final int PER_HOUR = 300;
  private static final int TO_ADDRESS = 5;

  private final RateLimit organizations;
  private final RateLimit users;
  private final RateLimit addresses;

  InvitationLimits(boolean on, InstantSource clock) {
    organizations = limit(on, PER_HOUR, Duration.ofHours(1), clock);
    users = limit(on, PER_HOUR, Duration.ofHours(1), clock);
    addresses = limit(on, TO_ADDRESS, Duration.ofMinutes(10), clock);
  }

  private static RateLimit limit(boolean on, int calls, Duration window, InstantSource clock) {
    return on ? new RateLimit(calls, window, clock) : RateLimit.none(clock);
  }

  void take(Caller caller, String organizationId, List<String> emails) {
    for (String email : emails) {
      users.take(caller.userId());
      organizations.take(organizationId);
      addresses.take(email);
    }
  }
}
