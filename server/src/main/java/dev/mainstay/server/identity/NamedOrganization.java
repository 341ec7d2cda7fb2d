package dev.mainstay.server.identity;

import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.StatementReader;
import dev.mainstay.server.platform.http.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * The organization that a request names, so that two tabs with one session work in two
 * organizations. A person's credential acts in any organization in which the person is a member,
 * with the role that they have there; an organization's key acts in its own alone.
 */
final class NamedOrganization {
  /** Users in one statement. */
  private static final int MAX_USERS = 500;

  private final StatementReader reader;
  private final Organizations organizations;

  NamedOrganization(StatementReader reader, Organizations organizations) {
    this.reader = reader;
    this.organizations = organizations;
  }

  /**
   * @param organization id or slug; empty leaves the credential as it is
   * @throws ProblemException 403, the same whether there is such an organization or not
   */
  Credential in(Credential credential, Optional<String> organization) {
    if (organization.isEmpty()) {
      return credential;
    }
    String text = organization.get();
    return (text.equals(credential.organizationId())
            ? Optional.of(credential.named(text, credential.memberRole()))
            : elsewhere(credential, text))
        .orElseThrow(NamedOrganization::notMember);
  }

  private Optional<Credential> elsewhere(Credential credential, String text) {
    if (credential.ofOrganization()) {
      return organizations
          .idOf(reader, text)
          .filter(credential.organizationId()::equals)
          .map(id -> credential.named(id, credential.memberRole()));
    }
    return organizations
        .membership(reader, credential.userId(), text)
        .map(found -> credential.named(found.organizationId(), found.role()));
  }

  private static ProblemException notMember() {
    return ProblemException.of(
        "not-a-member",
        "Not allowed",
        403,
        "You are not a member of the organization in X-Organization-Id");
  }

  /**
   * Those callers whose credential is still valid, with the credential as it is now.
   *
   * @param valid the credentials of the callers that are valid
   */
  Map<Principal, Credential> stillThere(
      DSLContext sql, Set<Principal> callers, Collection<Credential> valid) {
    Map<String, Credential> byId =
        valid.stream().collect(Collectors.toMap(Credential::id, Function.identity()));
    Map<List<String>, String> roles = roles(sql, callers);
    Map<Principal, Credential> there = new HashMap<>();
    for (Principal caller : callers) {
      Credential credential = byId.get(caller.credentialId());
      if (credential == null) {
        continue;
      }
      String organization = caller.organizationId();
      if (!caller.organizationNamed()) {
        there.put(caller, credential);
      } else if (organization.equals(credential.organizationId())) {
        there.put(caller, credential.named(organization, credential.memberRole()));
      } else if (!credential.ofOrganization()) {
        Optional.ofNullable(roles.get(List.of(credential.userId(), organization)))
            .ifPresent(role -> there.put(caller, credential.named(organization, role)));
      }
    }
    return there;
  }

  /** The roles of the callers who named an organization, by user and organization. */
  private Map<List<String>, String> roles(DSLContext sql, Set<Principal> callers) {
    List<String> users =
        callers.stream()
            .filter(Principal::organizationNamed)
            .map(Principal::userId)
            .distinct()
            .toList();
    List<Organizations.UserRole> all = new ArrayList<>();
    for (int from = 0; from < users.size(); from += MAX_USERS) {
      all.addAll(
          organizations.roles(sql, users.subList(from, Math.min(users.size(), from + MAX_USERS))));
    }
    return all.stream()
        .collect(
            Collectors.toMap(
                found -> List.of(found.userId(), found.organizationId()),
                Organizations.UserRole::role));
  }
}
