package dev.mainstay.server.organization;

import dev.mainstay.server.platform.FieldError;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Problem;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Roles that organizations make themselves. Nobody makes one that allows more than they may. */
final class RoleService {
  private static final int MAX_ROLES = 50;

  private final Shared shared;
  private final MemberStore members = new MemberStore();
  private final InvitationStore invitations = new InvitationStore();
  private final RoleStore store = new RoleStore();
  private final Roles roles = new Roles();

  RoleService(Shared shared) {
    this.shared = shared;
  }

  CustomRole create(
      Caller caller, String organizationId, String name, Map<String, List<String>> permission) {
    String role = name.toLowerCase(Locale.ROOT);
    Set<String> grants = grants(permission);
    return shared
        .database()
        .write(
            tx -> {
              Membership own =
                  lock(
                      tx,
                      caller,
                      organizationId,
                      Grants.CREATE_ROLE,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE);
              if (store.count(tx.sql(), organizationId) >= MAX_ROLES) {
                throw Refusal.TOO_MANY_ROLES.badRequest();
              }
              requireOwn(own, grants, Refusal.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE);
              requireFree(tx.sql(), organizationId, role);
              CustomRole made =
                  new CustomRole(Ids.next(), organizationId, role, grants, shared.now(), null);
              store.insert(tx, made);
              audit(tx, caller, made, "role-created");
              return made;
            });
  }

  private static Set<String> grants(Map<String, List<String>> permission) {
    Grants.unknown(permission)
        .ifPresent(
            unknown -> {
              throw Refusal.INVALID_RESOURCE.badRequest();
            });
    return Grants.of(permission);
  }

  private Membership lock(
      Tx tx, Caller caller, String organizationId, String grant, Refusal otherwise) {
    Membership own =
        roles
            .lock(tx, organizationId, caller.userId())
            .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden);
    own.require(grant, otherwise::forbidden);
    return own;
  }

  private static void requireOwn(Membership own, Set<String> grants, Refusal otherwise) {
    List<FieldError> missing =
        grants.stream()
            .filter(grant -> !own.may(grant))
            .map(grant -> new FieldError("permission", "has " + grant + ", which you lack"))
            .toList();
    if (!missing.isEmpty()) {
      Problem problem = otherwise.forbidden().problem();
      throw new ProblemException(
          new Problem(problem.type(), problem.title(), 403, problem.detail(), missing));
    }
  }

  private void requireFree(DSLContext sql, String organizationId, String name) {
    if (BuiltInRole.of(name).isPresent()
        || !store.byNames(sql, organizationId, List.of(name)).isEmpty()) {
      throw Refusal.ROLE_NAME_IS_ALREADY_TAKEN.badRequest();
    }
  }

  private void audit(Tx tx, Caller caller, CustomRole role, String action) {
    shared
        .audit()
        .record(
            tx,
            caller
                .act(action, role.organizationId())
                .target("role", role.id())
                .detail(role.role()));
  }

  /** By one of both. */
  record Name(Optional<String> name, Optional<String> id) {}

  private CustomRole find(DSLContext sql, String organizationId, Name wanted) {
    return wanted
        .name()
        .map(name -> store.byNames(sql, organizationId, List.of(name)).stream().findFirst())
        .orElseGet(() -> wanted.id().flatMap(id -> store.byId(sql, organizationId, id)))
        .orElseThrow(Refusal.ROLE_NOT_FOUND::badRequest);
  }

  CustomRole update(
      Caller caller,
      String organizationId,
      Name wanted,
      @Nullable Map<String, List<String>> permission,
      @Nullable String newName) {
    Optional<Set<String>> grants = Optional.ofNullable(permission).map(RoleService::grants);
    Optional<String> name = Optional.ofNullable(newName).map(text -> text.toLowerCase(Locale.ROOT));
    return shared
        .database()
        .write(
            tx -> {
              Membership own =
                  lock(
                      tx,
                      caller,
                      organizationId,
                      Grants.UPDATE_ROLE,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE);
              CustomRole old = find(tx.sql(), organizationId, wanted);
              // Who narrows a role takes from its members what they must be able to give.
              requireOwn(own, old.grants(), Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE);
              grants.ifPresent(
                  all -> requireOwn(own, all, Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_A_ROLE));
              if (name.filter(text -> !text.equals(old.role())).isPresent()) {
                requireFree(tx.sql(), organizationId, name.get());
                rename(tx, old, name.get());
              }
              CustomRole changed =
                  new CustomRole(
                      old.id(),
                      organizationId,
                      name.orElse(old.role()),
                      grants.orElse(old.grants()),
                      old.createdAt(),
                      shared.now());
              store.update(tx, changed);
              audit(tx, caller, changed, "role-updated");
              return changed;
            });
  }

  /** Who has the role, or is to get it, has it under its new name. */
  private void rename(Tx tx, CustomRole old, String name) {
    for (Member member : members.list(tx.sql(), old.organizationId())) {
      if (member.roles().contains(old.role())) {
        members.setRole(tx, member.id(), renamed(member.roles(), old.role(), name));
      }
    }
    for (Invitation invitation : invitations.pending(tx.sql(), old.organizationId())) {
      if (invitation.roles().contains(old.role())) {
        invitations.setOffer(
            tx,
            invitation.id(),
            renamed(invitation.roles(), old.role(), name),
            invitation.teamId());
      }
    }
  }

  private static String renamed(List<String> names, String old, String name) {
    return String.join(",", names.stream().map(one -> one.equals(old) ? name : one).toList());
  }

  void delete(Caller caller, String organizationId, Name wanted) {
    shared
        .database()
        .execute(
            tx -> {
              Membership own =
                  lock(
                      tx,
                      caller,
                      organizationId,
                      Grants.DELETE_ROLE,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE);
              if (wanted.name().flatMap(BuiltInRole::of).isPresent()) {
                throw Refusal.CANNOT_DELETE_A_PRE_DEFINED_ROLE.badRequest();
              }
              CustomRole role = find(tx.sql(), organizationId, wanted);
              requireOwn(own, role.grants(), Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_A_ROLE);
              if (members.list(tx.sql(), organizationId).stream()
                  .anyMatch(member -> member.roles().contains(role.role()))) {
                throw Refusal.ROLE_IS_ASSIGNED_TO_MEMBERS.badRequest();
              }
              store.delete(tx, role.id());
              audit(tx, caller, role, "role-deleted");
            });
  }

  List<CustomRole> list(Caller caller, String organizationId) {
    return shared
        .database()
        .read(
            sql -> {
              requireReads(sql, caller, organizationId, Refusal.YOU_ARE_NOT_ALLOWED_TO_LIST_A_ROLE);
              return store.list(sql, organizationId);
            });
  }

  private void requireReads(
      DSLContext sql, Caller caller, String organizationId, Refusal otherwise) {
    roles
        .membership(sql, organizationId, caller.userId())
        .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden)
        .require(Grants.READ_ROLE, otherwise::forbidden);
  }

  CustomRole get(Caller caller, String organizationId, Name wanted) {
    return shared
        .database()
        .read(
            sql -> {
              requireReads(sql, caller, organizationId, Refusal.YOU_ARE_NOT_ALLOWED_TO_READ_A_ROLE);
              return find(sql, organizationId, wanted);
            });
  }

  /** Whether the caller may do all of it. */
  boolean may(Caller caller, String organizationId, Map<String, List<String>> permission) {
    return shared
        .database()
        .read(
            sql ->
                roles
                    .membership(sql, organizationId, caller.userId())
                    .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::unauthorized)
                    .grants()
                    .containsAll(Grants.of(permission)));
  }
}
