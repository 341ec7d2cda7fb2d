package dev.mainstay.server.platform;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One of the instance's keys. It is not used itself: sealing and authenticating have keys of their
 * own, which HKDF (RFC 5869) makes of it.
 *
 * @param id tells it from others, and shows nothing of it
 */
record MasterKey(String id, SecretKey sealing, SecretKey authenticating) {
  static final int BYTES = 32;
  private static final int ID_DIGITS = 8;

  /** What is wrong with a text, without any of it. */
  static final class SyntaxException extends IllegalArgumentException {
    SyntaxException(String message) {
      super(message);
    }
  }

  /** One or more with commas, as the setting has them. */
  static List<MasterKey> parse(String text) {
    List<MasterKey> keys = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      keys.add(of(decode(one.strip())));
    }
    return List.copyOf(keys);
  }

  private static byte[] decode(String text) {
    try {
      // URL-safe and without padding too: tools that make keys differ.
      byte[] bytes = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
      if (bytes.length == BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new SyntaxException("a key of it is no Base64");
    }
    throw new SyntaxException("a key of it has not 32 bytes");
  }

  static MasterKey of(byte[] bytes) {
    try {
      KDF kdf = KDF.getInstance("HKDF-SHA256");
      return new MasterKey(
          HexFormat.of().formatHex(id(bytes)).substring(0, ID_DIGITS),
          kdf.deriveKey("AES", purpose(bytes, "mainstay sealing")),
          kdf.deriveKey("HmacSHA256", purpose(bytes, "mainstay authenticating")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HKDF-SHA256", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] id(byte[] bytes) throws NoSuchAlgorithmException, InvalidKeyException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
    return mac.doFinal("id".getBytes(StandardCharsets.UTF_8));
  }

  private static HKDFParameterSpec purpose(byte[] bytes, String purpose) {
    return HKDFParameterSpec.ofExtract()
        .addIKM(bytes)
        .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BYTES);
  }

  @Override
  public String toString() {
    return "MasterKey[" + id + "]";
  }
}
