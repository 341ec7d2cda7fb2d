package dev.mainstay.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.http.Page;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail from a transaction to a real SMTP server, on a clock that the test sets. */
class MailerTest {
  private static final String LINK = "https://mainstay.example/reset?token=canary-4c1e&next=%2F";
  private static final Mail MAIL =
      new Mail(
          "ada@example.com",
          "reset-password",
          "Reset your password – jetzt",
          "Hello <b>Ada</b> & friends,\n\nfollow this link:\n"
              + LINK
              + "\n\nIt holds for an hour.");

  @TempDir private Path data;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-29T10:00:00Z"));
  private final InstantSource clock = now::get;
  private final GreenMail smtp = new GreenMail(setup(freePort(), ServerSetup.PROTOCOL_SMTP));
  private Database database;

  private static ServerSetup setup(int port, String protocol) {
    return new ServerSetup(port, "127.0.0.1", protocol);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    smtp.start();
    database = TestDatabases.open(data);
  }

  @AfterEach
  void stop() {
    database.close();
    smtp.stop();
  }

  private MailModule module(Database on, String url) {
    return new MailModule(
        on,
        TestDatabases.keyring(data, on),
        MailConfig.from(
            Settings.ofOnly(
                Map.of(
                    Setting.SMTP_URL.variable(),
                    url,
                    Setting.MAIL_FROM.variable(),
                    "Mainstay Prüf <no-reply@mainstay.example>"))),
        clock);
  }

  private MailModule module() {
    return module(database, "smtp://127.0.0.1:" + smtp.getSmtp().getServerSetup().getPort());
  }

  private static MailModule send(Database database, MailModule module, Mail mail) {
    database.execute(tx -> module.mailer().send(tx, mail));
    return module;
  }

  private MailModule send(MailModule module) {
    return send(database, module, MAIL);
  }

  private static void deliver(MailModule module) {
    module.round().run(() -> true);
  }

  private Mails mails() {
    return new Mails(
        database, new MailStore(), TestDatabases.keyring(data, database), clock, new MailSignal());
  }

  /** The only mail there is. */
  private MailView only() {
    Page<MailView> page = mails().list(Optional.empty(), 10);
    assertThat(page.items()).hasSize(1);
    assertThat(page.items().getFirst().text()).isNull();
    return mails().find(page.items().getFirst().id());
  }

  private void later(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }

  @Test
  void aMailArrivesAsTextAndAsHtml() throws Exception {
    MailModule module = send(module());
    assertThat(only().state()).isEqualTo(MailState.PENDING);
    assertThat(only().text()).isEqualTo(MAIL.text());
    deliver(module);
    deliver(module);
    MimeMessage[] received = smtp.getReceivedMessages();
    assertThat(received).hasSize(1);
    MimeMessage message = received[0];
    MailView view = only();
    assertThat(message.getSubject()).isEqualTo(MAIL.subject());
    assertThat(message.getHeader("To")).containsExactly("ada@example.com");
    assertThat(message.getAllRecipients()).hasSize(1);
    assertThat(message.getFrom()[0].toString())
        .isEqualTo("=?UTF-8?Q?Mainstay_Pr=C3=BCf?= <no-reply@mainstay.example>");
    assertThat(message.getMessageID()).isEqualTo("<" + view.id() + "@mainstay.example>");
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(message.getHeader("Date")).containsExactly("Sun, 29 Nov 2026 10:00:00 +0000");
    MimeMultipart parts = (MimeMultipart) message.getContent();
    assertThat(parts.getContentType()).startsWith("multipart/alternative");
    assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
    assertThat(parts.getBodyPart(0).getContent().toString().replace("\r\n", "\n"))
        .isEqualTo(MAIL.text());
    assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
    assertThat(parts.getBodyPart(1).getContent().toString())
        .contains("Hello &lt;b&gt;Ada&lt;/b&gt; &amp; friends,")
        .contains("<a href=\"" + LINK.replace("&", "&amp;") + "\"")
        .doesNotContain("<b>");
    assertThat(view.state()).isEqualTo(MailState.SENT);
    assertThat(view.sentAt()).isEqualTo(clock.instant());
    assertThat(view.attempts()).isEqualTo(1);
    assertThat(view.lastError()).isNull();
    assertThat(view.text()).isNull();
  }

  private static final Mail LAST =
      new Mail("gone@example.com", Mail.LAST, "Your account was deleted", "It was deleted.");

  private String dump() {
    return TestDatabases.dump(data);
  }

  @Test
  void theAddressOfWhoIsErasedGoesWhenTheLastMailIsOut() throws Exception {
    MailModule module = send(database, module(), LAST);
    smtp.stop();
    deliver(module);
    assertThat(only().to()).as("tried again").isEqualTo(LAST.to());
    smtp.start();
    later(Duration.ofMinutes(1));
    deliver(module);
    assertThat(smtp.getReceivedMessages()[0].getHeader("To")).containsExactly(LAST.to());
    assertThat(only().state()).isEqualTo(MailState.SENT);
    assertThat(only().to()).isEmpty();
    assertThat(dump()).doesNotContain(LAST.to());
  }

  @Test
  void theAddressOfWhoIsErasedGoesAlsoWhenTheLastMailCannotBeSent() {
    MailModule module = send(database, module(), LAST);
    smtp.stop();
    deliver(module);
    later(Duration.ofHours(25));
    module.tidy();
    MailView old = only();
    assertThat(old.state()).isEqualTo(MailState.FAILED);
    assertThat(old.to()).isEmpty();
    assertThat(old.text()).isNull();
    assertThat(dump()).doesNotContain(LAST.to());
    assertThatThrownBy(() -> mails().retry(old.id())).hasMessageContaining("erased");
  }

  @Test
  void aTransactionThatIsRolledBackSendsNothing() {
    MailModule module = module();
    assertThatThrownBy(
            () ->
                database.execute(
                    tx -> {
                      module.mailer().send(tx, MAIL);
                      throw new IllegalStateException("changed its mind");
                    }))
        .hasMessage("changed its mind");
    deliver(module);
    assertThat(mails().list(Optional.empty(), 10).items()).isEmpty();
    assertThat(smtp.getReceivedMessages()).isEmpty();
  }

  @Test
  void theWorkerSendsAtOnceWhatWasCommitted() throws Exception {
    MailModule module = module();
    try (AutoCloseable worker = module.deliver()) {
      assertThat(worker).isNotNull();
      send(module);
      await().until(() -> only().state() == MailState.SENT);
    }
    assertThat(smtp.getReceivedMessages()).hasSize(1);
  }

  @Test
  void aMailWaitsForAServerThatIsDown() {
    MailModule module = send(module());
    smtp.stop();
    deliver(module);
    MailView waiting = only();
    assertThat(waiting.state()).isEqualTo(MailState.PENDING);
    assertThat(waiting.attempts()).isEqualTo(1);
    assertThat(waiting.lastError()).contains("127.0.0.1").contains("refused");
    smtp.start();
    deliver(module);
    assertThat(smtp.getReceivedMessages()).as("not before its time").isEmpty();
    later(Duration.ofSeconds(10));
    deliver(module);
    assertThat(smtp.getReceivedMessages()).hasSize(1);
    assertThat(only().state()).isEqualTo(MailState.SENT);
    assertThat(only().lastError()).isNull();
  }

  @Test
  void aMailThatCannotBeSentForADayHasFailed() {
    MailModule module = send(module());
    smtp.stop();
    for (Duration wait :
        List.of(
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(2))) {
      int attempts = only().attempts();
      deliver(module);
      assertThat(only().attempts()).isEqualTo(attempts + 1);
      later(wait.minusMillis(1));
      deliver(module);
      assertThat(only().attempts()).as("not before %s", wait).isEqualTo(attempts + 1);
      later(Duration.ofMillis(1));
    }
    while (only().state() == MailState.PENDING) {
      deliver(module);
      later(Duration.ofHours(2));
    }
    MailView failed = only();
    assertThat(failed.state()).isEqualTo(MailState.FAILED);
    assertThat(failed.attempts()).isBetween(14, 17);
    assertThat(failed.text()).isEqualTo(MAIL.text());

    smtp.start();
    deliver(module);
    assertThat(smtp.getReceivedMessages()).isEmpty();
    assertThat(mails().retry(failed.id()).state()).isEqualTo(MailState.PENDING);
    deliver(module);
    assertThat(only().state()).isEqualTo(MailState.SENT);
    assertThatThrownBy(() -> mails().retry(failed.id()))
        .isInstanceOf(ProblemException.class)
        .hasMessage("The mail was sent");
    assertThat(smtp.getReceivedMessages()).hasSize(1);
  }

  @Test
  void ofSeveralDeliverersOneSends() throws Exception {
    int count = 30;
    try (Database other = TestDatabases.open(data);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<MailModule> modules =
          List.of(
              module(),
              module(other, "smtp://127.0.0.1:" + smtp.getSmtp().getServerSetup().getPort()));
      for (int i = 0; i < count; i++) {
        send(
            database,
            modules.getFirst(),
            new Mail("user" + i + "@example.com", "otp", "Code", "It is " + i));
      }
      List<Future<?>> rounds =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  i -> executor.submit(() -> deliver(modules.get(i % modules.size()))))
              .toList();
      for (Future<?> round : rounds) {
        round.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(
            Arrays.stream(smtp.getReceivedMessages())
                .map(
                    message -> {
                      try {
                        return message.getMessageID();
                      } catch (jakarta.mail.MessagingException e) {
                        throw new IllegalStateException(e);
                      }
                    })
                .toList())
        .hasSize(count)
        .doesNotHaveDuplicates();
  }

  @Test
  void anAttemptWhoseProcessHasDiedIsMadeAgainAfterItsLease() {
    MailModule module = send(module());
    String id = only().id();
    // Its process dies here.
    assertThat(
            database.<Optional<?>>write(
                tx ->
                    new MailStore()
                        .claim(tx, id, clock.instant(), clock.instant().plus(MailDelivery.LEASE))))
        .isPresent();
    deliver(module);
    assertThat(mails().retry(id).state()).isEqualTo(MailState.PENDING);
    deliver(module);
    assertThat(smtp.getReceivedMessages()).isEmpty();
    later(MailDelivery.LEASE);
    deliver(module);
    assertThat(smtp.getReceivedMessages()).hasSize(1);
  }

  @Test
  void whatTheServerRefusesForGoodHasFailed() throws Exception {
    try (FakeSmtpServer fake = new FakeSmtpServer().reply("RCPT", "550 5.1.1 no such user")) {
      MailModule module = send(module(database, "smtp://127.0.0.1:" + fake.port()));
      deliver(module);
      MailView failed = only();
      assertThat(failed.state()).isEqualTo(MailState.FAILED);
      assertThat(failed.attempts()).isEqualTo(1);
      assertThat(failed.lastError()).contains("550 5.1.1 no such user");
      later(Duration.ofDays(1));
      deliver(module);
      assertThat(only().attempts()).isEqualTo(1);
    }
  }

  @Test
  void whatTheServerRefusesForNowIsTriedAgain() throws Exception {
    try (FakeSmtpServer fake = new FakeSmtpServer().reply("RCPT", "451 4.7.1 greylisted")) {
      MailModule module = send(module(database, "smtp://127.0.0.1:" + fake.port()));
      deliver(module);
      assertThat(only().state()).isEqualTo(MailState.PENDING);
      assertThat(only().lastError()).contains("451 4.7.1 greylisted");
      for (Map.Entry<String, String> refusal :
          Map.of("MAIL", "530 5.7.0 not you", "EHLO", "", "DATA", "").entrySet()) {
        later(Duration.ofHours(1));
        fake.reply("RCPT", "250 ok").reply("EHLO", "250 fake").reply("MAIL", "250 ok");
        fake.reply(refusal.getKey(), refusal.getValue());
        deliver(module);
        assertThat(only().state()).as(refusal.getKey()).isEqualTo(MailState.PENDING);
      }
      fake.reply("EHLO", "250 fake").reply("MAIL", "250 ok").reply("DATA", "354 go on");
      later(Duration.ofHours(1));
      deliver(module);
      assertThat(only().state()).isEqualTo(MailState.SENT);
    }
  }

  /** Neither what servers repeat nor what they were sent is stored or logged. */
  @Test
  void theTextAndThePasswordStayWhereTheyBelong() throws Exception {
    try (FakeSmtpServer fake = new FakeSmtpServer().reply(".", "550 5.7.1 spam: %s");
        MailLines lines = new MailLines()) {
      MailModule module =
          send(module(database, "smtp://bob:pass-canary%21@127.0.0.1:" + fake.port()));
      assertThat(TestDatabases.dump(data)).contains("reset-password").doesNotContain("canary");
      deliver(module);
      assertThat(fake.commands()).contains("AUTH", ".");
      assertThat(only().state()).isEqualTo(MailState.FAILED);
      assertThat(only().lastError()).isEqualTo("The mail is refused (550 5.7.1)");
      fake.reply("AUTH", "535 5.7.8 wrong: pass-canary! %s");
      mails().retry(only().id());
      deliver(module);
      assertThat(only().lastError()).endsWith("the user name or password (535 5.7.8)");
      assertThat(TestDatabases.dump(data)).doesNotContain("canary");
      fake.reply("AUTH", "235 welcome").reply(".", "250 taken");
      later(Duration.ofMinutes(1));
      deliver(module);
      assertThat(only().state()).isEqualTo(MailState.SENT);
      assertThat(lines.all()).hasSize(3).noneMatch(line -> line.contains("canary"));
      assertThat(module.describe()).doesNotContain("canary").doesNotContain("bob");
    }
  }

  @Test
  void nothingIsSaidWithoutTheProtectionThatWasAskedFor() throws Exception {
    try (FakeSmtpServer fake = new FakeSmtpServer()) {
      MailModule module =
          new MailModule(
              database,
              TestDatabases.keyring(data, database),
              new MailConfig(
                  Optional.of(
                      new SmtpServer(
                          "127.0.0.1",
                          fake.port(),
                          SmtpServer.Security.STARTTLS,
                          SmtpServer.parse("smtp://bob:secret@h").login())),
                  Sender.parse("a@b.example")),
              clock);
      deliver(send(module));
      assertThat(only().state()).isEqualTo(MailState.PENDING);
      assertThat(only().lastError()).contains("STARTTLS");
      assertThat(fake.commands()).doesNotContain("AUTH", "MAIL", "DATA");
    }
  }

  @Test
  void aServerThatCannotProveItsNameGetsNothing() {
    GreenMail untrusted = new GreenMail(setup(freePort(), ServerSetup.PROTOCOL_SMTPS));
    untrusted.start();
    try {
      MailModule module =
          module(database, "smtps://127.0.0.1:" + untrusted.getSmtps().getServerSetup().getPort());
      deliver(send(module));
      assertThat(only().state()).isEqualTo(MailState.PENDING);
      assertThat(only().lastError()).contains("certification path");
      assertThat(untrusted.getReceivedMessages()).isEmpty();
    } finally {
      untrusted.stop();
    }
  }

  @Test
  void withoutAServerAMailIsWrittenToTheLogOnceAndWaits() throws Exception {
    try (MailLines lines = new MailLines()) {
      MailModule silent = send(module(database, ""));
      deliver(silent);
      deliver(silent);
      deliver(module(database, ""));
      assertThat(lines.all()).hasSize(1);
      assertThat(lines.all().getFirst())
          .contains("To: ada@example.com")
          .contains("Subject: Reset your password")
          .contains("\n  " + LINK + "\n");
      later(Duration.ofHours(3));
      silent.tidy();
      deliver(silent);
      assertThat(only().state()).isEqualTo(MailState.LOGGED);
      assertThat(only().attempts()).isZero();
      assertThat(only().text()).isEqualTo(MAIL.text());
      assertThat(mails().retry(only().id()).state()).isEqualTo(MailState.PENDING);
      deliver(silent);
      assertThat(lines.all()).hasSize(2);
      // From here on there is one. The mail's day is over by then, unless somebody asks for it.
      later(Duration.ofDays(2));
      deliver(module());
      assertThat(smtp.getReceivedMessages()).isEmpty();
      mails().retry(only().id());
      deliver(module());
      assertThat(smtp.getReceivedMessages()).hasSize(1);
      assertThat(lines.all().subList(2, lines.all().size()))
          .noneMatch(line -> line.contains("canary"));
    }
  }

  @Test
  void theLogCannotBeForged() {
    try (MailLines lines = new MailLines()) {
      deliver(
          send(
              database,
              module(database, ""),
              new Mail("a@b.example", "otp", "Code", "x\n12:00:00.000 ERROR Fake\n\u001b[2J\r.")));
      assertThat(lines.all().getFirst().lines().skip(1))
          .allMatch(line -> line.isEmpty() || line.startsWith("  "));
      assertThat(lines.all().getFirst()).doesNotContain("\u001b").doesNotContain("\r");
    }
  }

  @Test
  void oldMailsAreGivenUpAndThenRemoved() {
    MailModule module = send(module());
    later(Duration.ofHours(25));
    deliver(module);
    assertThat(smtp.getReceivedMessages()).as("its link has expired").isEmpty();
    module.tidy();
    assertThat(only().state()).isEqualTo(MailState.FAILED);
    assertThat(only().lastError()).contains("within a day");
    assertThat(mails().retry(only().id()).state()).isEqualTo(MailState.PENDING);
    later(Duration.ofDays(28));
    module.tidy();
    assertThat(only().state()).isEqualTo(MailState.FAILED);
    later(Duration.ofDays(2));
    module.tidy();
    assertThat(mails().list(Optional.empty(), 10).items()).isEmpty();
  }
}
