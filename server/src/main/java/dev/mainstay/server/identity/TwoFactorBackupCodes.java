package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.Tx;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ten codes to write down, each good once. Only their authentication codes are stored. */
final class TwoFactorBackupCodes {
  static final int COUNT = 10;
  private static final int HALF = 5;

  /** Without letters that are taken for others on paper; 50 bits in a code. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Keyring keyring;
  private final TwoFactorBackupCodeStore store = new TwoFactorBackupCodeStore();

  TwoFactorBackupCodes(Keyring keyring) {
    this.keyring = keyring;
  }

  /** New codes, in the place of those before. */
  List<String> make(Tx tx, String userId) {
    List<String> codes = Stream.generate(TwoFactorBackupCodes::code).limit(COUNT).toList();
    store.replace(
        tx, userId, codes.stream().map(code -> keyring.mac(plain(code), context(userId))).toList());
    return codes;
  }

  private static String code() {
    return part() + "-" + part();
  }

  private static String part() {
    return RANDOM
        .ints(HALF, 0, ALPHABET.length())
        .mapToObj(index -> ALPHABET.substring(index, index + 1))
        .collect(Collectors.joining());
  }

  /** As people type it. */
  private static String plain(String code) {
    return code.toLowerCase(Locale.ROOT).replaceAll("[\\s-]", "");
  }

  private static String context(String userId) {
    return "backup_codes/" + userId;
  }

  /** Uses a code up. */
  boolean take(Tx tx, String userId, String code) {
    Optional<String> found =
        store.macs(tx.sql(), userId).stream()
            .filter(mac -> keyring.matches(mac, plain(code), context(userId)))
            .findFirst();
    return found.isPresent() && store.take(tx, userId, found.get());
  }

  void deleteAll(Tx tx, String userId) {
    store.deleteAll(tx, userId);
  }
}
