package dev.mainstay.server.organization;

import dev.mainstay.server.mail.Mail;
import dev.mainstay.server.mail.Mailer;
import dev.mainstay.server.platform.Tx;
import java.net.URI;
import java.util.function.Supplier;

/**
 * What organizations write to people who may know nothing of them. Names are cut, and without
 * whatever a mail program makes a link of: they would carry their owner's message to any address.
 */
final class OrganizationLetters {
  private static final int MAX_NAME = 50;

  private final Mailer mailer;
  private final Supplier<URI> url;

  OrganizationLetters(Mailer mailer, Supplier<URI> url) {
    this.mailer = mailer;
    this.url = url;
  }

  static String plain(String name) {
    String words = name.replaceAll("[^\\p{L}\\p{M}\\p{N}&'-]+", " ").strip();
    int end =
        words.offsetByCodePoints(0, Math.min(MAX_NAME, words.codePointCount(0, words.length())));
    return words.isEmpty() ? "(without a name)" : words.substring(0, end).strip();
  }

  void invitation(Tx tx, Invitation invitation, Organization organization, Users.Person inviter) {
    mailer.send(
        tx,
        new Mail(
            invitation.email(),
            "invitation",
            "You are invited to an organization",
            """
            %s invites you to the organization %s. To accept, open this link and sign in with this address:

            %s/invitations/%s

            The invitation is good until %s. If you do not know who that is, ignore this mail; nothing happens then.
            """
                .formatted(
                    plain(inviter.name()),
                    plain(organization.name()),
                    url.get(),
                    invitation.id(),
                    invitation.expiresAt())));
  }

  void domainCode(Tx tx, String to, Domain domain, Organization organization, String code) {
    mailer.send(
        tx,
        new Mail(
            to,
            "domain-verification",
            "Confirm the domain " + domain.domain(),
            """
            The organization %s says that the mail domain %s is its own. If that is right, give it this code:

            %s

            People with an address at the domain may become its members then. If you do not know it, ignore this mail.
            """
                .formatted(plain(organization.name()), domain.domain(), code)));
  }
}
