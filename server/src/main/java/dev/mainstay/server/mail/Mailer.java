package dev.mainstay.server.mail;

import dev.mainstay.server.platform.Tx;

public final class Mailer {
  public void send(Tx tx, Mail mail) {
    tx.afterCommit(() -> org.slf4j.LoggerFactory.getLogger(Mailer.class).info("{}", mail));
  }
}
