package dev.mainstay.server.mail;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.util.List;

/** The HTTP side of mails. */
final class MailEndpoints {
  private static final String ALL = "/api/admin/mails";
  private static final String ONE = ALL + "/{id}";

  private final Mails mails;

  MailEndpoints(Mails mails) {
    this.mails = mails;
  }

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.get(
                ALL,
                Permission.INSTANCE_ADMIN,
                "List the instance's mails of the last 30 days, newest first")
            .pageOf(MailView.class)
            .handle(call -> Answer.json(mails.list(call.query("cursor"), call.limit()))),
        Endpoint.get(
                ONE, Permission.INSTANCE_ADMIN, "Get a mail, with its text while it is not sent")
            .answers(200, MailView.class)
            .handle(call -> Answer.json(mails.find(call.path("id")))),
        Endpoint.post(
                ONE + "/retry",
                Permission.INSTANCE_ADMIN,
                "Try to send a mail now, and for another day, also one that has failed; without a mail"
                    + " server, write it to the log again")
            .answers(200, MailView.class)
            .handle(call -> Answer.json(mails.retry(call.path("id")))));
  }
}
