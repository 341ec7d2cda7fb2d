package dev.mainstay.server.platform;

import com.github.f4b6a3.uuid.UuidCreator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Identifiers and secrets. */
public final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;

  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Ids() {}

  /** A UUIDv7 (RFC 9562): opaque to callers, in the order of creation in the database. */
  public static String next() {
    return UuidCreator.getTimeOrderedEpochPlus1().toString();
  }

  /** Whether a text has the form of the ids that are made here, whatever it names. */
  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }

  /** 256 random bits in URL-safe Base64. */
  public static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether a text has the form of a {@link #secret}. */
  public static boolean isSecret(String text) {
    return text.matches("[\\w-]{43}");
  }

  /**
   * SHA-256 in hexadecimal. For secrets of {@link #secret}: they have too much entropy to be
   * guessed, so a slow hash would add cost and no safety.
   */
  public static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(sha256(bytes));
  }

  /** SHA-256. */
  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
