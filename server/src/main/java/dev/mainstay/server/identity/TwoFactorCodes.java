package dev.mainstay.server.identity;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/** Codes of an app (RFC 6238): SHA-1, six digits, steps of 30 s, which is what every app can do. */
final class TwoFactorCodes {
  /** What RFC 4226, section 4 recommends. */
  private static final int SECRET_BYTES = 20;

  /** A clock may be wrong by one step (RFC 6238, section 5.2). */
  private static final int DRIFT = 1;

  private static final String HMAC = TimeBasedOneTimePasswordGenerator.TOTP_ALGORITHM_HMAC_SHA1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TimeBasedOneTimePasswordGenerator generator =
      new TimeBasedOneTimePasswordGenerator();

  /** A new secret, in Base32. */
  static String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return Base32.toBase32String(bytes);
  }

  /** What an app reads from a QR code (Key URI Format of Google Authenticator). */
  static String uri(String secret, String issuer, String account) {
    return "otpauth://totp/%s:%s?secret=%s&issuer=%s&digits=6&period=30"
        .formatted(encode(issuer), encode(account), secret, encode(issuer));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The step that a code is of, if it is right now. */
  OptionalLong step(String secret, String code, Instant now) {
    SecretKey key = new SecretKeySpec(Base32.decode(secret), HMAC);
    byte[] given = code.getBytes(StandardCharsets.UTF_8);
    long present = Math.floorDiv(now.getEpochSecond(), generator.getTimeStep().toSeconds());
    OptionalLong found = OptionalLong.empty();
    for (long step = present - DRIFT; step <= present + DRIFT; step++) {
      byte[] expected = code(key, step).getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(expected, given)) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  private String code(SecretKey key, long step) {
    try {
      return generator.generateOneTimePasswordString(
          key, Instant.ofEpochSecond(step * generator.getTimeStep().toSeconds()), Locale.ROOT);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("This Java has no HMAC-SHA-1", e);
    }
  }
}
