package dev.mainstay.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6238. */
@Tag("once") // needs no database
class TwoFactorCodesTest {
  private static final String SECRET =
      Base32.toBase32String("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  private final TwoFactorCodes codes = new TwoFactorCodes();

  /** Appendix B, the last six of eight digits. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void codesAreThoseOfTheStandard(long seconds, String code) {
    Instant now = Instant.ofEpochSecond(seconds);
    assertThat(codes.step(SECRET, code, now)).hasValue(seconds / 30);
    for (long steps : new long[] {-1, 1}) {
      assertThat(codes.step(SECRET, code, now.plusSeconds(30 * steps))).hasValue(seconds / 30);
      assertThat(codes.step(SECRET, code, now.plusSeconds(60 * steps))).isEmpty();
    }
  }

  @Test
  void whatIsNoCodeIsNone() {
    for (String text : new String[] {"", "28708", "2870820", "٢٨٧٠٨٢", " 287082", "-87082"}) {
      assertThat(codes.step(SECRET, text, Instant.ofEpochSecond(59))).isEmpty();
    }
  }

  @Test
  void anAppReadsTheAddress() {
    assertThat(TwoFactorCodes.uri("SECRET", "A B", "ada@example.com"))
        .isEqualTo(
            "otpauth://totp/A%20B:ada%40example.com?secret=SECRET&issuer=A%20B&digits=6&period=30");
    assertThat(TwoFactorCodes.newSecret()).matches("[A-Z2-7]{32}");
  }
}
