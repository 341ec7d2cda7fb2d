package dev.mainstay.server.platform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The instance's secret key: seals values at rest (AES-256-GCM, NIST SP 800-38D) and authenticates
 * short codes (HMAC-SHA-256). Of several keys the first seals, and all open.
 *
 * <p>A context says where a value belongs, as {@code mails/<id>/body}: what is sealed for one place
 * opens at no other. It is not secret.
 */
public final class Keyring {
  private static final String VERSION = "v1";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<MasterKey> keys;

  Keyring(List<MasterKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Opens the keys of {@code MAINSTAY_SECRET_KEY}, or else of a file in the data directory, which
   * the first start makes. A new first key is made known to the database if one beside it is known.
   *
   * @throws SettingException if the database was made with another key
   */
  public static Keyring open(ServerConfig config, Database database, InstantSource clock) {
    KeyringStore store = new KeyringStore();
    KeyFile file = new KeyFile(config.data());
    Optional<List<MasterKey>> configured =
        config.secretKey().map(Secret::reveal).map(MasterKey::parse).or(file::read);
    Set<String> known = database.read(store::ids);
    if (configured.isPresent() && known.contains(configured.get().getFirst().id())) {
      return new Keyring(configured.get());
    }
    return database.write(
        tx -> {
          // Of nodes that start at once on an empty database one makes the key.
          tx.exclusive("keyring");
          Set<String> ids = store.ids(tx.sql());
          Optional<List<MasterKey>> found = configured.or(file::read);
          if (!ids.isEmpty()
              && found.stream().flatMap(List::stream).noneMatch(key -> ids.contains(key.id()))) {
            throw new SettingException(
                "The database was made with another secret key than this process has; put the file %s of that data directory back to %s, or set %s to that key (on PostgreSQL, to the same on all nodes)"
                    .formatted(
                        KeyFile.NAME,
                        config.data().resolve(KeyFile.NAME),
                        Setting.SECRET_KEY.variable()));
          }
          List<MasterKey> keys = found.orElseGet(file::make);
          store.insert(tx, keys.getFirst().id(), clock.instant());
          return new Keyring(keys);
        });
  }

  /**
   * Encrypts and authenticates a text.
   *
   * @return {@code v1.<key id>.<Base64 of IV, ciphertext and tag>}
   */
  public String seal(String plaintext, String context) {
    byte[] iv = new byte[IV_BYTES];
    RANDOM.nextBytes(iv);
    MasterKey key = keys.getFirst();
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key.sealing(), iv, context);
      byte[] text = plaintext.getBytes(StandardCharsets.UTF_8);
      ByteBuffer sealed = ByteBuffer.allocate(IV_BYTES + cipher.getOutputSize(text.length));
      sealed.put(iv).put(cipher.doFinal(text));
      return String.join(".", VERSION, key.id(), encode(sealed.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no AES-GCM", e);
    }
  }

  /**
   * Gives back what was sealed for this context.
   *
   * @throws KeyringException for anything else
   */
  public String open(String sealed, String context) {
    String[] parts = sealed.split("\\.", -1);
    if (parts.length != 3 || !parts[0].equals(VERSION)) {
      throw new KeyringException();
    }
    MasterKey key =
        keys.stream()
            .filter(one -> one.id().equals(parts[1]))
            .findFirst()
            .orElseThrow(KeyringException::new);
    byte[] bytes = decode(parts[2]);
    if (bytes.length < IV_BYTES + TAG_BITS / Byte.SIZE) {
      throw new KeyringException();
    }
    ByteBuffer content = ByteBuffer.wrap(bytes);
    byte[] iv = new byte[IV_BYTES];
    content.get(iv);
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key.sealing(), iv, context);
      byte[] text = cipher.doFinal(bytes, IV_BYTES, bytes.length - IV_BYTES);
      return new String(text, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new KeyringException();
    }
  }

  /** Authenticates a text, which may be short, with the first key: 64 hexadecimal digits. */
  public String mac(String text, String context) {
    return HexFormat.of().formatHex(mac(keys.getFirst(), text, context));
  }

  /** True if it is {@link #mac} of this text, with any of the keys; takes the same time if not. */
  public boolean matches(String mac, String text, String context) {
    byte[] given = mac.getBytes(StandardCharsets.UTF_8);
    boolean matches = false;
    for (MasterKey key : keys) {
      String expected = HexFormat.of().formatHex(mac(key, text, context));
      matches |= MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given);
    }
    return matches;
  }

  @Override
  public String toString() {
    return "Keyring" + keys;
  }

  private static byte[] mac(MasterKey key, String text, String context) {
    byte[] place = context.getBytes(StandardCharsets.UTF_8);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key.authenticating());
      // With the length, no two pairs of context and text are the same bytes.
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, place.length));
      mac.update(place);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HMAC-SHA-256", e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] iv, String context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      // The last character has bits that no byte has, and there is padding: one text for one value.
      if (encode(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the one answer for all that was not made here
    }
    throw new KeyringException();
  }
}
