package dev.mainstay.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of API keys as time goes on. */
class KeyTimesTest {
  @TempDir private Path directory;
  private Database database;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Identity identity;
  private KeyOwner owner;

  @BeforeEach
  void open() {
    database = TestDatabases.open(directory.resolve("data"));
    identity = new Identity(database, () -> now);
    identity.ensureOwner();
    String userId = database.read(sql -> new UserStore().first(sql).orElseThrow().id());
    owner = new KeyOwner(identity.ownerOrganization(), userId, false);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Keys.Made key(Optional<Duration> life, KeyLimits limits) {
    KeyDraft draft = new KeyDraft("x", "ms_", Optional.empty(), life, limits, null);
    return database.write(tx -> identity.keys().create(tx, owner, draft, Client.COMMAND));
  }

  private boolean opens(Keys.Made made) {
    return identity.authenticate(made.secret(), false).isPresent();
  }

  private boolean holds(Keys.Made made) {
    Principal caller =
        new Principal(
            owner.organizationId(),
            owner.userId(),
            made.key().id(),
            Set.of(),
            Principal.Kind.KEY,
            false,
            owner.userId());
    return identity.current(Set.of(caller)).containsKey(caller);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aKeyEndsAtItsTimeAndSoDoesWhatIsOpenForIt() {
    Keys.Made made = key(Optional.of(Duration.ofDays(1)), KeyLimits.NONE);
    pass(Duration.ofDays(1).minusMillis(1));
    assertThat(opens(made)).isTrue();
    assertThat(holds(made)).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(opens(made)).isFalse();
    assertThat(holds(made)).isFalse();
  }

  @Test
  void whatRemainsIsFilledUpOncePerInterval() {
    long interval = Duration.ofHours(1).toMillis();
    Keys.Made made = key(Optional.empty(), new KeyLimits(1L, 2L, interval, false, null, null));
    assertThat(opens(made)).isTrue();
    assertThat(opens(made)).isFalse();
    assertThat(holds(made)).as("a stream goes on").isTrue();
    pass(Duration.ofHours(5));
    assertThat(opens(made)).isTrue();
    assertThat(opens(made)).isTrue();
    assertThat(opens(made)).as("time that has passed does not add up").isFalse();
    pass(Duration.ofHours(1));
    assertThat(opens(made)).isTrue();
  }

  @Test
  void aRateHoldsForItsWindow() {
    Keys.Made made = key(Optional.empty(), new KeyLimits(null, null, null, true, 1L, 10_000L));
    assertThat(opens(made)).isTrue();
    pass(Duration.ofSeconds(4));
    assertThatThrownBy(() -> opens(made))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(429);
              assertThat(e.problem().retryAfter()).isEqualTo(7);
            });
    pass(Duration.ofSeconds(6));
    assertThat(opens(made)).isTrue();
  }

  /** A refused request costs nothing of what remains. */
  @Test
  void theRateComesFirst() {
    Keys.Made made = key(Optional.empty(), new KeyLimits(2L, null, null, true, 1L, 10_000L));
    assertThat(opens(made)).isTrue();
    assertThatThrownBy(() -> opens(made)).isInstanceOf(ProblemException.class);
    pass(Duration.ofSeconds(10));
    assertThat(opens(made)).isTrue();
    pass(Duration.ofSeconds(10));
    assertThat(opens(made)).isFalse();
  }

  @Test
  void aRotatedKeyGoesOnForItsOverlap() {
    Keys.Made old = key(Optional.of(Duration.ofDays(10)), KeyLimits.NONE);
    String first = identity.rotateOwnerKey(old.key().id(), Duration.ofHours(2)).key();
    assertThat(identity.authenticate(first, false)).isPresent();
    pass(Duration.ofHours(2).minusMillis(1));
    assertThat(opens(old)).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(opens(old)).isFalse();
    assertThat(identity.authenticate(first, false)).isPresent();
    pass(Duration.ofDays(10));
    assertThat(identity.authenticate(first, false)).as("on the same terms").isEmpty();
  }

  /** A chain of keys that overlap counts as one. */
  @Test
  void whatRemainsMovesAlongWithRotations() {
    Keys.Made old = key(Optional.empty(), new KeyLimits(3L, null, null, false, null, null));
    NewApiKey second = identity.rotateOwnerKey(old.key().id(), Duration.ofHours(1));
    NewApiKey third = identity.rotateOwnerKey(second.view().id(), Duration.ofHours(1));
    assertThat(opens(old)).isTrue();
    assertThat(identity.authenticate(second.key(), false)).isPresent();
    assertThat(identity.authenticate(third.key(), false)).isPresent();
    assertThat(opens(old)).isFalse();
    assertThat(identity.authenticate(second.key(), false)).isEmpty();
    assertThat(identity.authenticate(third.key(), false)).isEmpty();
  }
}
