package dev.mainstay.server.identity;

import dev.mainstay.server.organization.Users;
import dev.mainstay.server.platform.Tx;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/** The people, as organizations know them. */
final class OrganizationUsers implements Users {
  private final UserStore users;

  OrganizationUsers(UserStore users) {
    this.users = users;
  }

  private static Person person(User user) {
    return new Person(
        user.id(),
        user.organizationId(),
        user.name(),
        user.email(),
        user.emailVerified(),
        user.image());
  }

  @Override
  public Map<String, Person> byIds(DSLContext sql, Set<String> ids) {
    return users.byIds(sql, ids).stream()
        .map(OrganizationUsers::person)
        .collect(Collectors.toMap(Person::id, Function.identity()));
  }

  @Override
  public Optional<Person> byEmail(DSLContext sql, String email) {
    return users.byEmail(sql, email).map(OrganizationUsers::person);
  }

  @Override
  public Optional<Person> lock(Tx tx, String id) {
    return users.lock(tx, id).map(OrganizationUsers::person);
  }

  @Override
  public boolean isOwn(DSLContext sql, String organizationId) {
    return users.isOwn(sql, organizationId);
  }

  @Override
  public String address(String text) {
    return EmailAddress.parse(text);
  }
}
