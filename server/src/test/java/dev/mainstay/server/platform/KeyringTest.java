package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
  private static final String ONE = key(1);
  private static final String TWO = key(2);
  private static final String TEXT = "canary-7f3a ü\n€";
  private static final String PLACE = "mails/1/body";

  @TempDir private Path directory;

  private static String key(int fill) {
    byte[] bytes = new byte[MasterKey.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Keyring keyring(String text) {
    return new Keyring(MasterKey.parse(text));
  }

  private static void refused(Keyring keyring, String sealed, String context) {
    assertThatThrownBy(() -> keyring.open(sealed, context))
        .as(sealed)
        .isInstanceOf(KeyringException.class)
        .hasMessage("A sealed value cannot be opened")
        .hasNoCause();
  }

  @Test
  void opensWhatItHasSealed() {
    Keyring keyring = keyring(ONE);
    for (String text : List.of(TEXT, "", "x".repeat(100_000))) {
      String sealed = keyring.seal(text, PLACE);
      assertThat(sealed).matches("v1\\.[0-9a-f]{8}\\.[A-Za-z0-9_-]+").doesNotContain("canary");
      assertThat(keyring.open(sealed, PLACE)).isEqualTo(text);
    }
  }

  @Test
  void whatWasSealedForOnePlaceOpensAtNoOther() {
    Keyring keyring = keyring(ONE);
    String sealed = keyring.seal(TEXT, PLACE);
    for (String other : List.of("mails/2/body", "mails/1/subject", "mails/1/body ", "")) {
      refused(keyring, sealed, other);
    }
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() {
    Keyring keyring = keyring(ONE);
    String sealed = keyring.seal(TEXT, PLACE);
    String head = sealed.substring(0, sealed.lastIndexOf('.') + 1);
    byte[] bytes = Base64.getUrlDecoder().decode(sealed.substring(head.length()));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      refused(
          keyring, head + Base64.getUrlEncoder().withoutPadding().encodeToString(changed), PLACE);
    }
    for (int length = 0; length < bytes.length; length++) {
      refused(
          keyring,
          head
              + Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(Arrays.copyOf(bytes, length)),
          PLACE);
    }
    for (int end = 0; end < sealed.length(); end++) {
      refused(keyring, sealed.substring(0, end), PLACE);
    }
  }

  @Test
  void onlyTheTextThatItMadeIsTaken() {
    Keyring keyring = keyring(ONE);
    String sealed = keyring.seal("x", PLACE); // 29 bytes: the last character has bits to spare
    char last = sealed.charAt(sealed.length() - 1);
    String start = sealed.substring(0, sealed.length() - 1);
    refused(keyring, sealed + "=", PLACE);
    refused(keyring, sealed + " ", PLACE);
    refused(keyring, sealed.replace("v1.", "v2."), PLACE);
    refused(keyring, sealed + ".x", PLACE);
    refused(keyring, start + (char) (last + 1), PLACE);
    refused(keyring, "", PLACE);
    refused(keyring, "..", PLACE);
    refused(keyring, TEXT, PLACE);
  }

  @Test
  void anotherKeyDoesNotOpen() {
    String sealed = keyring(ONE).seal(TEXT, PLACE);
    refused(keyring(TWO), sealed, PLACE);
    String id = keyring(TWO).seal("", "").substring(3, 11);
    refused(keyring(TWO), sealed.replaceFirst("\\.[0-9a-f]{8}\\.", "." + id + "."), PLACE);
  }

  @Test
  void keysChangeWhileValuesStay() {
    String old = keyring(ONE).seal(TEXT, PLACE);
    String oldMac = keyring(ONE).mac("123456", PLACE);
    // First all nodes get to know the new key, then it seals.
    assertThat(keyring(ONE + "," + TWO).open(old, PLACE)).isEqualTo(TEXT);
    Keyring both = keyring(TWO + "," + ONE);
    assertThat(both.open(old, PLACE)).isEqualTo(TEXT);
    assertThat(both.matches(oldMac, "123456", PLACE)).isTrue();
    String renewed = both.seal(TEXT, PLACE);
    assertThat(keyring(ONE + "," + TWO).open(renewed, PLACE)).isEqualTo(TEXT);
    assertThat(keyring(TWO).open(renewed, PLACE)).isEqualTo(TEXT);
    refused(keyring(TWO), old, PLACE);
    assertThat(keyring(TWO).matches(oldMac, "123456", PLACE)).isFalse();
  }

  @Test
  void noInitializationVectorComesTwice() {
    Keyring keyring = keyring(ONE);
    Set<String> vectors = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      String sealed = keyring.seal("", "");
      vectors.add(sealed.substring(sealed.lastIndexOf('.') + 1).substring(0, 16));
    }
    assertThat(vectors).hasSize(100_000);
  }

  @Test
  void codesAreAuthenticatedForTheirPlace() {
    Keyring keyring = keyring(ONE);
    String mac = keyring.mac("123456", "otp/1");
    assertThat(mac).matches("[0-9a-f]{64}").isEqualTo(keyring.mac("123456", "otp/1"));
    assertThat(keyring.matches(mac, "123456", "otp/1")).isTrue();
    assertThat(keyring.matches(mac, "123457", "otp/1")).isFalse();
    assertThat(keyring.matches(mac, "123456", "otp/2")).isFalse();
    // The same characters, cut elsewhere.
    assertThat(keyring.matches(mac, "1123456", "otp/")).isFalse();
    for (String wrong : List.of("", "x", mac.substring(1), mac + "0", "ü")) {
      assertThat(keyring.matches(wrong, "123456", "otp/1")).isFalse();
    }
    assertThat(keyring(TWO).matches(mac, "123456", "otp/1")).isFalse();
  }

  @Test
  void keysAreReadAsTheirToolsWriteThem() {
    byte[] bytes = new byte[MasterKey.BYTES];
    Arrays.fill(bytes, (byte) 0xfb); // has + and /, resp. - and _
    String sealed = keyring(Base64.getEncoder().encodeToString(bytes)).seal(TEXT, PLACE);
    for (Base64.Encoder encoder :
        List.of(
            Base64.getEncoder().withoutPadding(),
            Base64.getUrlEncoder(),
            Base64.getUrlEncoder().withoutPadding())) {
      assertThat(keyring(encoder.encodeToString(bytes)).open(sealed, PLACE)).isEqualTo(TEXT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "Y2FuYXJ5",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,canary",
        "AQEBAQEB AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
      })
  void aWrongSettingIsOneSentenceThatDoesNotShowIt(String value) {
    assertThatThrownBy(
            () -> ServerConfig.from(Settings.ofOnly(Map.of("MAINSTAY_SECRET_KEY", value))))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MAINSTAY_SECRET_KEY is not usable, because ")
        .hasMessageNotContaining(value)
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("AQEB");
  }

  @Test
  void keysDoNotShow() {
    assertThat(MasterKey.parse(ONE).toString()).doesNotContain("AQEB");
    assertThat(keyring(ONE).toString()).doesNotContain("AQEB");
    assertThat(config(ONE).toString()).doesNotContain("AQEB");
  }

  private Path data() {
    return directory.resolve("data");
  }

  private ServerConfig config(String keys) {
    return config(data(), keys);
  }

  /** Without a key if the text is empty: also on PostgreSQL there is only the file then. */
  private ServerConfig config(Path data, String keys) {
    Map<String, String> settings = new HashMap<>(TestDatabases.settings(data()));
    settings.put(Setting.DATA.variable(), data.toString());
    settings.put(Setting.SECRET_KEY.variable(), keys);
    return ServerConfig.from(Settings.ofOnly(settings));
  }

  private static Keyring open(ServerConfig config, Database database) {
    return Keyring.open(config, database, Clock.systemUTC());
  }

  private static AbstractThrowableAssert<?, ?> refusedStart(ThrowingCallable start) {
    return assertThatThrownBy(start)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("The database was made with another secret key")
        .hasMessageContaining("MAINSTAY_SECRET_KEY")
        .hasMessageContaining("secret.key")
        .hasMessageNotContaining("\n");
  }

  @Test
  void theFirstStartMakesAKeyThatItsOwnerAloneReads() throws Exception {
    try (Database database = TestDatabases.open(data())) {
      String sealed = open(config(""), database).seal(TEXT, PLACE);
      Path file = data().resolve("secret.key");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(file.resolveSibling("secret.key.new")).doesNotExist();
      assertThat(open(config(""), database).open(sealed, PLACE)).isEqualTo(TEXT);
      // What the file has may be given as the setting, as other nodes need it.
      assertThat(open(config(Files.readString(file)), database).open(sealed, PLACE))
          .isEqualTo(TEXT);
    }
    assertThat(TestDatabases.dump(data()))
        .doesNotContain(Files.readString(data().resolve("secret.key")).strip());
  }

  @Test
  void withoutTheKeyOfItsDatabaseNothingStarts() throws Exception {
    try (Database database = TestDatabases.open(data())) {
      open(config(""), database);
      Path file = data().resolve("secret.key");
      Files.move(file, directory.resolve("kept"));
      refusedStart(() -> open(config(""), database));
      assertThat(file).as("a new key would hide that the old one is missing").doesNotExist();
      refusedStart(() -> open(config(ONE), database));
      Files.writeString(file, TWO);
      refusedStart(() -> open(config(""), database));
      Files.writeString(file, "canary");
      assertThatThrownBy(() -> open(config(""), database))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining(file.toString())
          .hasMessageNotContaining("canary");
      Files.copy(
          directory.resolve("kept"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      open(config(""), database);
    }
  }

  @Test
  void aNewKeyBesideAKnownOneIsMadeKnown() {
    try (Database database = TestDatabases.open(data())) {
      String sealed = open(config(ONE), database).seal(TEXT, PLACE);
      refusedStart(() -> open(config(TWO), database));
      open(config(ONE + "," + TWO), database);
      refusedStart(() -> open(config(TWO), database));
      assertThat(open(config(TWO + "," + ONE), database).open(sealed, PLACE)).isEqualTo(TEXT);
      open(config(TWO), database);
      open(config(ONE), database);
    }
  }

  /** Each with a data directory of its own and no setting: they would have different keys. */
  @Test
  void ofNodesThatStartAtOnceOneMakesTheKey() throws Exception {
    int nodes = TestDatabases.POSTGRES ? 4 : 1;
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Database database = TestDatabases.open(data())) {
      List<Future<Boolean>> opened =
          IntStream.range(0, nodes)
              .mapToObj(
                  node ->
                      executor.submit(
                          () -> {
                            start.await();
                            try {
                              open(config(directory.resolve("node" + node), ""), database);
                              return true;
                            } catch (SettingException e) {
                              return false;
                            }
                          }))
              .toList();
      start.countDown();
      int winners = 0;
      for (Future<Boolean> node : opened) {
        winners += node.get(30, TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
      assertThat(
              IntStream.range(0, nodes)
                  .filter(
                      node -> Files.exists(directory.resolve("node" + node).resolve("secret.key")))
                  .count())
          .isEqualTo(1);
    }
  }
}
