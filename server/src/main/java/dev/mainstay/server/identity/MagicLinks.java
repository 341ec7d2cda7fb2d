package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Tx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Signing in by a link that is sent by mail. */
final class MagicLinks {
  private final Database database;
  private final InstantSource clock;
  private final People people;

  MagicLinks(Database database, InstantSource clock, People people) {
    this.database = database;
    this.clock = clock;
    this.people = people;
  }

  /** Where somebody goes from the link. */
  record Targets(String callback, Optional<String> newUser, Optional<String> error) {}

  /**
   * Sends a link to whoever has an account or may get one; the answer does not tell.
   *
   * @param name of a new user
   */
  void send(String email, Optional<String> name, Targets targets) {
    database.execute(
        tx -> {
          Optional<User> user = people.users().byEmail(tx.sql(), email);
          Verification.Request request = Verification.Request.of(Purpose.MAGIC_LINK, email, user);
          String token =
              people.verifications().newLink(tx, name.map(request::with).orElse(request));
          if (user.isPresent() || people.registration().isOpenTo(tx, email)) {
            people.letters().magicLink(tx, email, address(token, targets));
          }
        });
  }

  private String address(String token, Targets targets) {
    Map<String, Optional<String>> parameters =
        new LinkedHashMap<>(Letters.parameters(token, Optional.of(targets.callback())));
    parameters.put("newUserCallbackURL", targets.newUser());
    parameters.put("errorCallbackURL", targets.error());
    return people.letters().page("sign-in", parameters);
  }

  /** Somebody who came by a proof of their address. */
  record Arrival(Entrance entrance, boolean isNew) {}

  /** Uses a link up; empty if it is not valid any more. */
  Optional<Arrival> enter(String token, Sessions.Entry entry, Proof proof) {
    return database.write(
        tx ->
            people
                .verifications()
                .takeLink(tx, Purpose.MAGIC_LINK, token)
                .flatMap(
                    verification ->
                        enter(
                            tx,
                            new Registration.Newcomer(
                                verification.email(), true, verification.data().orElse(""), null),
                            entry,
                            proof)));
  }

  /** Lets in the user of an address that was just proved, who is made if need be. */
  Optional<Arrival> enter(
      Tx tx, Registration.Newcomer newcomer, Sessions.Entry entry, Proof proof) {
    Registration.reserve(tx, newcomer.email());
    Optional<User> there = people.users().byEmail(tx.sql(), newcomer.email());
    if (there.isEmpty() && !people.registration().isOpenTo(tx, newcomer.email())) {
      return Optional.empty();
    }
    User user =
        there
            .map(one -> people.proved(tx, lock(tx, one), proof, clock.instant()))
            .orElseGet(() -> people.registration().create(tx, newcomer, entry.client()));
    return Optional.of(new Arrival(people.gate().enterByMail(tx, user, entry), there.isEmpty()));
  }

  private User lock(Tx tx, User user) {
    return people.users().lock(tx, user.id()).orElse(user);
  }
}
