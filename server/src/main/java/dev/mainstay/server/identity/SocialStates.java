package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.SocialProvider;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Keyring;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The states of authorization requests (RFC 6749, section 10.12; RFC 9700, section 4.7): random,
 * good once, for ten minutes, in the browser that has set out, at the provider that it has gone to.
 */
final class SocialStates {
  static final Duration LIFE = Duration.ofMinutes(10);

  private final Database database;
  private final InstantSource clock;
  private final Keyring keyring;
  private final SocialStateStore store = new SocialStateStore();

  SocialStates(Database database, InstantSource clock, Keyring keyring) {
    this.database = database;
    this.clock = clock;
    this.keyring = keyring;
  }

  /**
   * A new state.
   *
   * @param state for the provider
   * @param browser the secret for the browser's cookie
   */
  record Issued(String state, String browser, String verifier, String nonce) {
    @Override
    public String toString() {
      return "Issued[…]";
    }
  }

  Issued draw() {
    return new Issued(Ids.secret(), Ids.secret(), Ids.secret(), Ids.secret());
  }

  /** Keeps a state, once it is known where the browser goes. */
  void keep(
      Issued issued,
      SocialProvider provider,
      Optional<SocialState.Link> link,
      SocialState.Targets targets) {
    String hash = Ids.hash(issued.state());
    Instant now = clock.instant();
    SocialState state =
        new SocialState(
            provider.id(),
            provider.issuer(),
            link,
            keyring.seal(issued.verifier(), place(hash, "code_verifier")),
            keyring.seal(issued.nonce(), place(hash, "nonce")),
            targets);
    database.execute(
        tx -> store.insert(tx, hash, Ids.hash(issued.browser()), state, now, now.plus(LIFE)));
  }

  /** Uses a state up: of two answers with one state, one is heard. */
  Optional<SocialState> take(String state, String browser, String providerId) {
    String hash = Ids.hash(state);
    return database
        .write(tx -> store.take(tx, hash, Ids.hash(browser), providerId, clock.instant()))
        .map(
            found ->
                new SocialState(
                    found.providerId(),
                    found.issuer(),
                    found.link(),
                    keyring.open(found.verifier(), place(hash, "code_verifier")),
                    keyring.open(found.nonce(), place(hash, "nonce")),
                    found.targets()));
  }

  private static String place(String hash, String column) {
    return "oauth_states/" + hash + "/" + column;
  }
}
