package dev.mainstay.server.organization;

import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_ID;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.server.mail.MailAddress;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Mail domains of organizations, which Better Auth does not have. */
final class DomainEndpoints {
  private static final Pattern DOMAIN =
      Pattern.compile("(?i)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])");

  private final DomainService domains;

  DomainEndpoints(DomainService domains) {
    this.domains = domains;
  }

  /** Mailboxes that belong to whoever runs a domain. */
  public enum Mailbox {
    @JsonProperty("postmaster")
    POSTMASTER,
    @JsonProperty("admin")
    ADMIN
  }

  /**
   * A domain to add; one that is there gets the mode, and a new code unless it is verified.
   *
   * @param mode what becomes of people who have an address at the domain
   * @param mailbox where the code is sent; postmaster if absent
   */
  public record AddDomain(
      @NotNull @Size(max = 200) String domain,
      Domain.@NotNull Mode mode,
      @Nullable Mailbox mailbox,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** The code of the mail. */
  public record VerifyDomain(
      @NotBlank @Size(max = MAX_ID) String domainId,
      @NotBlank @Size(max = 200) String code,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** A domain. */
  public record RemoveDomain(
      @NotBlank @Size(max = MAX_ID) String domainId,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/add-domain",
                Permission.ACCOUNT,
                "Say that a mail domain is the organization's, and have a code sent to prove it",
                AddDomain.class)
            .answers(200, Domain.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::add),
        Endpoint.post(
                "/api/auth/organization/verify-domain",
                Permission.ACCOUNT,
                "Prove a domain by the code of the mail",
                VerifyDomain.class)
            .answers(200, Domain.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      domains.verify(
                          caller,
                          caller.organization(call.body().organizationId()),
                          call.body().domainId(),
                          call.body().code()));
                }),
        Endpoint.get(
                "/api/auth/organization/list-domains",
                Permission.ACCOUNT,
                "The mail domains of one of my organizations")
            .query("organizationId", "string", "Its id; the active one if absent")
            .answersList(Domain.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      domains.list(caller, caller.organization(call.query("organizationId"))));
                }),
        Endpoint.post(
                "/api/auth/organization/remove-domain",
                Permission.ACCOUNT,
                "Remove a domain; who has joined by it stays",
                RemoveDomain.class)
            .answers(200, Domain.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      domains.remove(
                          caller,
                          caller.organization(call.body().organizationId()),
                          call.body().domainId()));
                }));
  }

  private Answer add(Call<AddDomain> call) {
    Caller caller = Caller.of(call);
    AddDomain body = call.body();
    String mailbox = body.mailbox() == Mailbox.ADMIN ? "admin" : "postmaster";
    return Answer.json(
        domains.add(
            caller,
            caller.organization(body.organizationId()),
            domain(body.domain()),
            body.mode(),
            mailbox));
  }

  /** As addresses have it: without spaces around it, in ASCII, in lower case. */
  private static String domain(String text) {
    return MailAddress.toAscii(text.strip())
        .filter(name -> DOMAIN.matcher(name).matches())
        .orElseThrow(
            () -> ProblemException.badRequest("domain", "must be a domain such as example.com"));
  }
}
