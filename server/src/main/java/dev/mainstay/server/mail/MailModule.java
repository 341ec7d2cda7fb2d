package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.http.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The parts of mail, put together. */
public final class MailModule {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Database database;
  private final Keyring keyring;
  private final InstantSource clock;
  private final Optional<Smtp> smtp;
  private final MailSignal signal = new MailSignal();
  private final MailStore store = new MailStore();
  private final Mailer mailer;

  public MailModule(Database database, Keyring keyring, MailConfig config, InstantSource clock) {
    this.database = database;
    this.keyring = keyring;
    this.clock = clock;
    this.smtp = config.server().map(server -> new Smtp(server, config.from()));
    this.mailer = new Mailer(store, keyring, clock, signal, smtp.isPresent());
  }

  /** For those who have something to send. */
  public Mailer mailer() {
    return mailer;
  }

  public List<Endpoint<?>> endpoints() {
    return new MailEndpoints(new Mails(database, store, keyring, clock, signal)).list();
  }

  /** Sends what there is, until it is closed. */
  public AutoCloseable deliver() {
    return new MailWorker(signal, round());
  }

  MailWorker.MailRound round() {
    return smtp.<MailWorker.MailRound>map(
            server -> new MailDelivery(database, store, keyring, server, clock))
        .orElseGet(() -> new MailLog(database, store, keyring, clock));
  }

  /** Gives up what could not be sent for a day, and removes what is old. */
  public void tidy() {
    Instant now = clock.instant();
    database.execute(
        tx -> {
          if (smtp.isPresent()) {
            store.expire(tx, now, "It could not be sent within a day");
          }
          store.eraseExpired(tx, now);
          store.prune(tx, now.minus(KEPT));
        });
  }

  /** Where mails go, for the operator. */
  public String describe() {
    return smtp.map(server -> "Mail goes to " + server)
        .orElse(
            "Mail is not sent but written to this log, links included; MAINSTAY_SMTP_URL names a mail server");
  }
}
