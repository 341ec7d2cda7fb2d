package dev.mainstay.server;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.security.InvalidKeyException;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/** An app that makes codes, on somebody's phone. */
final class AuthenticatorApp {
  private static final int STEP = 30;

  private final SecretKeySpec key;
  private long last;

  /**
   * @param uri of the QR code
   */
  AuthenticatorApp(String uri) {
    key =
        new SecretKeySpec(
            Base32.decode(uri.replaceFirst(".*[?&]secret=([A-Z2-7]+).*", "$1")), "HmacSHA1");
  }

  private static long now() {
    return Instant.now().getEpochSecond() / STEP;
  }

  /** A code of the present step, or of the next one if that was used: two at once work. */
  String next() {
    last = Math.max(last + 1, now());
    return code(last);
  }

  /** The code of so many steps from now. */
  String in(int steps) {
    return code(now() + steps);
  }

  private String code(long step) {
    try {
      return new TimeBasedOneTimePasswordGenerator()
          .generateOneTimePasswordString(key, Instant.ofEpochSecond(step * STEP));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
