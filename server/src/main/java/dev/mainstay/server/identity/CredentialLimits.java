package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.RateLimit;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How often somebody may try: per network, and for mails per address too, since whoever gets them
 * is not who asks. Counted in each process; {@link Lockout} counts in the database.
 */
final class CredentialLimits {
  private static final int SIGN_INS_PER_MINUTE = 20;

  /** Of pages that offer passkeys in their form: each view of one asks. */
  private static final int CHALLENGES_PER_MINUTE = 120;

  private static final int MAILS_PER_MINUTE = 10;
  private static final int MAILS_TO_ADDRESS = 5;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RateLimit signIns;
  private final RateLimit challenges;
  private final RateLimit mails;
  private final RateLimit addresses;

  CredentialLimits(boolean on, InstantSource clock) {
    signIns = on ? new RateLimit(SIGN_INS_PER_MINUTE, MINUTE, clock) : RateLimit.none(clock);
    challenges = on ? new RateLimit(CHALLENGES_PER_MINUTE, MINUTE, clock) : RateLimit.none(clock);
    mails = on ? new RateLimit(MAILS_PER_MINUTE, MINUTE, clock) : RateLimit.none(clock);
    addresses =
        on
            ? new RateLimit(MAILS_TO_ADDRESS, MINUTE.multipliedBy(10), clock)
            : RateLimit.none(clock);
  }

  /** Somebody tries a credential. */
  void signIn(Call<?> call) {
    signIns.take(call.remoteNetwork());
  }

  /** Somebody asks for something to sign, which tries nothing yet. */
  void challenge(Call<?> call) {
    challenges.take(call.remoteNetwork());
  }

  /** Somebody asks for a mail to an address. */
  void mail(Call<?> call, String email) {
    mails.take(call.remoteNetwork());
    addresses.take(email);
  }
}
