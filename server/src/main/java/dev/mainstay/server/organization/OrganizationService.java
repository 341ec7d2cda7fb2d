package dev.mainstay.server.organization;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Makes, changes and ends organizations, and says in which one a session acts. */
final class OrganizationService {
  private static final int MAX_METADATA = 16 * 1024;

  private final Shared shared;
  private final OrganizationStore store = new OrganizationStore();
  private final MemberStore members = new MemberStore();
  private final TeamStore teams = new TeamStore();
  private final Roles roles = new Roles();
  private final Joining joining = new Joining();
  private final Closing closing;

  OrganizationService(Shared shared, Closing closing) {
    this.shared = shared;
    this.closing = closing;
  }

  /** An organization that was just made, and who owns it. */
  record Created(Organization organization, Member owner) {}

  Created create(Caller caller, OrganizationEndpoints.CreateOrganization body) {
    @Nullable String metadata = metadata(body.metadata());
    return shared
        .database()
        .write(
            tx -> {
              Users.Person person = shared.lock(tx, caller);
              joining.requireRoom(tx, person.id());
              store.lockSlug(tx, body.slug());
              if (store.idBySlug(tx.sql(), body.slug()).isPresent()) {
                throw Refusal.ORGANIZATION_ALREADY_EXISTS.badRequest();
              }
              Instant now = shared.now();
              Organization organization =
                  new Organization(
                      Ids.next(), body.name(), body.slug(), body.logo(), metadata, now);
              store.insert(tx, organization);
              Member owner =
                  new Member(
                      Ids.next(), organization.id(), person.id(), BuiltInRole.OWNER.id(), now);
              members.insert(tx, owner);
              Team team = new Team(Ids.next(), body.name(), organization.id(), now, null);
              teams.insert(tx, team);
              teams.insertMember(
                  tx, organization.id(), new TeamMember(Ids.next(), team.id(), person.id(), now));
              if (!Boolean.TRUE.equals(body.keepCurrentActiveOrganization())) {
                shared
                    .active()
                    .activate(tx, caller.sessionId(), organization.id(), Optional.of(team.id()));
              }
              shared.audit().record(tx, caller.act("organization-created", organization.id()));
              return new Created(organization, owner);
            });
  }

  private static @Nullable String metadata(@Nullable Map<String, JsonNode> given) {
    if (given == null) {
      return null;
    }
    String text = Json.write(given);
    if (text.length() > MAX_METADATA) {
      throw ProblemException.badRequest(
          "metadata", "must have " + MAX_METADATA + " characters of JSON at most");
    }
    return text;
  }

  boolean isFree(String slug) {
    return shared.database().read(sql -> store.idBySlug(sql, slug)).isEmpty();
  }

  Organization update(Caller caller, String id, OrganizationEndpoints.OrganizationChange change) {
    @Nullable String metadata = metadata(change.metadata());
    return shared
        .database()
        .write(
            tx -> {
              requireMay(
                  tx,
                  caller,
                  id,
                  Grants.UPDATE_ORGANIZATION,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION);
              Organization old = get(tx.sql(), id);
              Organization changed =
                  new Organization(
                      id,
                      Optional.ofNullable(change.name()).orElse(old.name()),
                      Optional.ofNullable(change.slug()).orElse(old.slug()),
                      change.logoOr(old.logo()),
                      change.metadata() == null ? old.metadata() : metadata,
                      old.createdAt());
              store.lockSlug(tx, changed.slug());
              if (store
                  .idBySlug(tx.sql(), changed.slug())
                  .filter(other -> !other.equals(id))
                  .isPresent()) {
                throw Refusal.ORGANIZATION_SLUG_ALREADY_TAKEN.badRequest();
              }
              store.update(tx, changed);
              shared.audit().record(tx, caller.act("organization-updated", id));
              return changed;
            });
  }

  private void requireMay(Tx tx, Caller caller, String id, String grant, Refusal otherwise) {
    roles
        .lock(tx, id, caller.userId())
        .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::badRequest)
        .require(grant, otherwise::forbidden);
  }

  private Organization get(DSLContext sql, String id) {
    return store
        .byId(sql, id)
        .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::badRequest);
  }

  Organization delete(Caller caller, String id) {
    return shared
        .database()
        .write(
            tx -> {
              requireMay(
                  tx,
                  caller,
                  id,
                  Grants.DELETE_ORGANIZATION,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION);
              if (shared.users().isOwn(tx.sql(), id)) {
                throw Refusal.YOU_CANNOT_DELETE_YOUR_OWN_ORGANIZATION.forbidden();
              }
              Organization organization = get(tx.sql(), id);
              Instant now = shared.now();
              shared.active().leaveAll(tx, id, now);
              closing.close(tx, id, now);
              shared.audit().record(tx, caller.act("organization-deleted", id));
              return organization;
            });
  }

  List<Organization> list(Caller caller) {
    return shared
        .database()
        .read(sql -> store.list(sql, caller.userId(), Joining.MAX_ORGANIZATIONS));
  }

  /**
   * An organization in which the caller is.
   *
   * @param slug goes before {@code id}
   */
  Organization find(Caller caller, Optional<String> id, Optional<String> slug) {
    return shared.database().read(sql -> find(sql, caller, id, slug));
  }

  private Organization find(
      DSLContext sql, Caller caller, Optional<String> id, Optional<String> slug) {
    return resolve(sql, caller, id, slug)
        .filter(one -> members.find(sql, one, caller.userId()).isPresent())
        .flatMap(one -> store.byId(sql, one))
        .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::forbidden);
  }

  /** The id of an organization that is named by its id or slug; the active one if by neither. */
  Optional<String> resolve(
      DSLContext sql, Caller caller, Optional<String> id, Optional<String> slug) {
    return slug.isPresent()
        ? store.idBySlug(sql, slug.get())
        : Optional.of(caller.organization(id));
  }

  /** An organization with all that its members see of it. */
  record Full(
      Organization organization,
      List<Member> members,
      Map<String, Users.Person> people,
      List<CountedTeam> teams,
      Membership asking) {}

  Full full(Caller caller, Optional<String> id, Optional<String> slug, int limit) {
    return shared
        .database()
        .read(
            sql -> {
              Organization organization = find(sql, caller, id, slug);
              List<Member> all =
                  members.list(sql, organization.id()).stream().limit(limit).toList();
              return new Full(
                  organization,
                  all,
                  shared.people(sql, all),
                  teams.counted(sql, organization.id()),
                  roles
                      .membership(sql, organization.id(), caller.userId())
                      .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::forbidden));
            });
  }

  /** The session acts in this organization from now on; in the caller's own if none is named. */
  Organization activate(Caller caller, Optional<String> id) {
    return shared
        .database()
        .write(
            tx -> {
              String wanted = id.orElseGet(() -> shared.lock(tx, caller).organizationId());
              members.lock(tx, wanted);
              Organization organization =
                  find(tx.sql(), caller, Optional.of(wanted), Optional.empty());
              // A team that is active stays so in the organization that is active anyway.
              if (!wanted.equals(caller.active())) {
                shared.active().activate(tx, caller.sessionId(), wanted, Optional.empty());
              }
              return organization;
            });
  }
}
