package dev.mainstay.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.contract.SettableClock;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For how long things are good, on a clock that is set. */
class TwoFactorLifeTest {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private Database database;
  private TwoFactorDevices devices;
  private TwoFactorGate gate;
  private User owner;

  @BeforeEach
  void open() {
    database = TestDatabases.open(directory.resolve("data"));
    Identity identity = new Identity(database, clock);
    assertThat(identity.ensureOwner()).isTrue();
    devices = new TwoFactorDevices(clock);
    gate = new TwoFactorGate(clock, identity.sessions(), devices);
    UserStore users = new UserStore();
    owner =
        database.write(
            tx -> {
              User one = users.first(tx.sql()).orElseThrow();
              users.setTwoFactorEnabled(tx, one.id(), true, clock.instant());
              return users.byId(tx.sql(), one.id()).orElseThrow();
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private <T> T in(Function<Tx, T> work) {
    return database.write(work);
  }

  private Entrance enter(Optional<String> device) {
    return in(
        tx ->
            gate.enter(
                tx,
                owner,
                new Sessions.Entry("password", Client.COMMAND, true, device, Optional.empty())));
  }

  @Test
  void aChallengeIsGoodForTenMinutes() {
    assertThat(enter(Optional.empty())).isInstanceOf(Entrance.Challenged.class);
    String token = ((Entrance.Challenged) enter(Optional.empty())).token();
    clock.advance(TwoFactorGate.CHALLENGE_LIFE.minus(MOMENT));
    assertThat(isGood(token)).isTrue();
    clock.advance(MOMENT);
    assertThat(isGood(token)).isFalse();
  }

  private boolean isGood(String token) {
    TwoFactorChallengeStore challenges = new TwoFactorChallengeStore();
    return in(tx -> challenges.attempt(tx, Ids.hash(token), clock.instant()).isPresent());
  }

  @Test
  void aBrowserIsTrustedForThirtyDaysAfterEachSignIn() {
    String token = in(tx -> devices.trust(tx, owner.id()));
    clock.advance(TwoFactorDevices.LIFE.minus(MOMENT));
    Entrance.Opened first = (Entrance.Opened) enter(Optional.of(token));
    clock.advance(TwoFactorDevices.LIFE.minus(MOMENT));
    Entrance.Opened second = (Entrance.Opened) enter(first.device());
    clock.advance(TwoFactorDevices.LIFE);
    assertThat(enter(second.device())).isInstanceOf(Entrance.Challenged.class);
  }

  @Test
  void whatAnAuthenticatorSignsIsGoodForFiveMinutes() {
    PasskeyChallenges challenges = new PasskeyChallenges(database, clock);
    PasskeyChallenges.Issued issued =
        challenges.issue(PasskeyChallenges.Ceremony.AUTHENTICATION, Optional.empty());
    clock.advance(PasskeyChallenges.LIFE);
    assertThatThrownBy(
            () ->
                challenges.take(
                    Optional.of(issued.token()), PasskeyChallenges.Ceremony.AUTHENTICATION))
        .isInstanceOf(ProblemException.class)
        .hasMessage("Challenge not found");
  }
}
