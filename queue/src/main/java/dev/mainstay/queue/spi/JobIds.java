package dev.mainstay.queue.spi;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Ids for jobs that were given none. */
public final class JobIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private JobIds() {}

  /** A UUID of version 7 (RFC 9562), which begins with the time. */
  public static String next(Instant now) {
    long high = (now.toEpochMilli() << 16) | 0x7000 | RANDOM.nextInt(1 << 12);
    long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
