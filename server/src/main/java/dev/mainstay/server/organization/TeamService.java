package dev.mainstay.server.organization;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Teams: some members of an organization under a name. */
final class TeamService {
  private static final int MAX_TEAMS = 100;
  private static final int MAX_LISTED = 1000;

  private final Shared shared;
  private final MemberStore members = new MemberStore();
  private final TeamStore teams = new TeamStore();
  private final InvitationStore invitations = new InvitationStore();
  private final Roles roles = new Roles();

  TeamService(Shared shared) {
    this.shared = shared;
  }

  Team create(Caller caller, String organizationId, String name) {
    return shared
        .database()
        .write(
            tx -> {
              roles
                  .lock(tx, organizationId, caller.userId())
                  .orElseThrow(
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION::forbidden)
                  .require(
                      Grants.CREATE_TEAM,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION::forbidden);
              if (teams.count(tx.sql(), organizationId) >= MAX_TEAMS) {
                throw Refusal.YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS.badRequest();
              }
              Team team = new Team(Ids.next(), name, organizationId, shared.now(), shared.now());
              teams.insert(tx, team);
              audit(tx, caller, team, "team-created");
              return team;
            });
  }

  private void audit(Tx tx, Caller caller, Team team, String action) {
    shared.audit().record(tx, caller.act(action, team.organizationId()).target("team", team.id()));
  }

  Team update(Caller caller, String organizationId, String teamId, @Nullable String name) {
    return shared
        .database()
        .write(
            tx -> {
              roles
                  .lock(tx, organizationId, caller.userId())
                  .orElseThrow(Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM::forbidden)
                  .require(
                      Grants.UPDATE_TEAM,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM::forbidden);
              Team old = find(tx, organizationId, teamId);
              Team team =
                  new Team(
                      old.id(),
                      Optional.ofNullable(name).orElse(old.name()),
                      organizationId,
                      old.createdAt(),
                      shared.now());
              teams.update(tx, team);
              audit(tx, caller, team, "team-updated");
              return team;
            });
  }

  private Team find(Tx tx, String organizationId, String teamId) {
    return teams
        .byId(tx.sql(), organizationId, teamId)
        .orElseThrow(Refusal.TEAM_NOT_FOUND::badRequest);
  }

  void remove(Caller caller, String organizationId, String teamId) {
    shared
        .database()
        .execute(
            tx -> {
              roles
                  .lock(tx, organizationId, caller.userId())
                  .filter(
                      own ->
                          !shared
                              .active()
                              .team(tx.sql(), caller.sessionId())
                              .equals(Optional.of(teamId)))
                  .orElseThrow(Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM::forbidden)
                  .require(
                      Grants.DELETE_TEAM,
                      Refusal.YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION::forbidden);
              Team team = find(tx, organizationId, teamId);
              if (teams.count(tx.sql(), organizationId) <= 1) {
                throw Refusal.UNABLE_TO_REMOVE_LAST_TEAM.badRequest();
              }
              shared.active().leaveTeam(tx, teamId, Optional.empty());
              teams.delete(tx, teamId);
              invitations.pending(tx.sql(), organizationId).stream()
                  .filter(invitation -> invitation.teams().contains(teamId))
                  .forEach(invitation -> withdraw(tx, invitation, teamId));
              audit(tx, caller, team, "team-removed");
            });
  }

  /** Who is invited to a team that is gone is invited all the same. */
  private void withdraw(Tx tx, Invitation invitation, String teamId) {
    List<String> left = invitation.teams().stream().filter(team -> !team.equals(teamId)).toList();
    invitations.setOffer(
        tx, invitation.id(), invitation.role(), left.isEmpty() ? null : String.join(",", left));
  }

  List<Team> list(Caller caller, String organizationId) {
    return shared
        .database()
        .read(
            sql -> {
              if (members.find(sql, organizationId, caller.userId()).isEmpty()) {
                throw Refusal.YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION.forbidden();
              }
              return teams.list(sql, organizationId);
            });
  }

  /**
   * Teams that somebody is in.
   *
   * @param userId the caller if absent; others are asked for within an organization
   */
  List<Team> ofUser(Caller caller, Optional<String> userId, Optional<String> organizationId) {
    String wanted = userId.orElse(caller.userId());
    boolean own = wanted.equals(caller.userId());
    return shared
        .database()
        .read(
            sql -> {
              if (own && organizationId.isEmpty()) {
                return teams.ofUser(sql, wanted, Optional.empty(), MAX_LISTED);
              }
              String within = caller.organization(organizationId);
              Membership asking =
                  roles
                      .membership(sql, within, caller.userId())
                      .orElseThrow(Refusal.YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION::forbidden);
              if (!own) {
                asking.require(
                    Grants.UPDATE_MEMBER,
                    Refusal.YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER::forbidden);
                if (members.find(sql, within, wanted).isEmpty()) {
                  throw Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION.badRequest();
                }
              }
              return teams.ofUser(sql, wanted, Optional.of(within), MAX_LISTED);
            });
  }

  /** The team that the session has active from now on. */
  Team activate(Caller caller, String teamId) {
    return shared
        .database()
        .write(
            tx -> {
              members.lock(tx, caller.active());
              Team team = find(tx, caller.active(), teamId);
              if (teams.member(tx.sql(), teamId, caller.userId()).isEmpty()) {
                throw Refusal.USER_IS_NOT_A_MEMBER_OF_THE_TEAM.forbidden();
              }
              shared
                  .active()
                  .activate(tx, caller.sessionId(), caller.active(), Optional.of(teamId));
              return team;
            });
  }

  Optional<String> active(Caller caller) {
    return shared.database().read(sql -> shared.active().team(sql, caller.sessionId()));
  }

  /** The session has no team active. */
  void deactivate(Caller caller) {
    shared
        .database()
        .execute(
            tx -> {
              members.lock(tx, caller.active());
              if (members.find(tx.sql(), caller.active(), caller.userId()).isPresent()) {
                shared.active().activate(tx, caller.sessionId(), caller.active(), Optional.empty());
              }
            });
  }

  /** The members of a team, for one of them. */
  List<TeamMember> members(Caller caller, Optional<String> teamId) {
    return shared
        .database()
        .read(
            sql -> {
              String wanted =
                  teamId
                      .or(() -> shared.active().team(sql, caller.sessionId()))
                      .orElseThrow(Refusal.YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM::badRequest);
              Team team =
                  teams
                      .byId(sql, wanted)
                      .filter(
                          one ->
                              members.find(sql, one.organizationId(), caller.userId()).isPresent())
                      .orElseThrow(Refusal.TEAM_NOT_FOUND::badRequest);
              boolean puts =
                  roles
                      .membership(sql, team.organizationId(), caller.userId())
                      .filter(one -> one.grants().contains(Grants.UPDATE_MEMBER))
                      .isPresent();
              if (!puts && teams.member(sql, team.id(), caller.userId()).isEmpty()) {
                throw Refusal.USER_IS_NOT_A_MEMBER_OF_THE_TEAM.badRequest();
              }
              return teams.members(sql, team.id());
            });
  }

  /** Puts a member of the organization into a team; who is in it already stays so. */
  TeamMember add(Caller caller, String organizationId, String teamId, String userId) {
    return shared
        .database()
        .write(
            tx -> {
              requireMay(
                  tx,
                  caller,
                  organizationId,
                  Grants.UPDATE_MEMBER,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_TEAM_MEMBER);
              Team team = findFor(tx, organizationId, teamId, userId);
              Optional<TeamMember> there = teams.member(tx.sql(), teamId, userId);
              if (there.isPresent()) {
                return there.get();
              }
              TeamMember member = new TeamMember(Ids.next(), teamId, userId, shared.now());
              teams.insertMember(tx, organizationId, member);
              auditMember(tx, caller, team, userId, "team-member-added");
              return member;
            });
  }

  private void requireMay(
      Tx tx, Caller caller, String organizationId, String grant, Refusal otherwise) {
    roles
        .lock(tx, organizationId, caller.userId())
        .orElseThrow(Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION::badRequest)
        .require(grant, otherwise::forbidden);
  }

  private Team findFor(Tx tx, String organizationId, String teamId, String userId) {
    if (members.find(tx.sql(), organizationId, userId).isEmpty()) {
      throw Refusal.USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION.badRequest();
    }
    return find(tx, organizationId, teamId);
  }

  private void auditMember(Tx tx, Caller caller, Team team, String userId, String action) {
    shared
        .audit()
        .record(
            tx,
            caller
                .act(action, team.organizationId())
                .target("user", userId)
                .detail("team " + team.id()));
  }

  void removeMember(Caller caller, String organizationId, String teamId, String userId) {
    shared
        .database()
        .execute(
            tx -> {
              requireMay(
                  tx,
                  caller,
                  organizationId,
                  Grants.DELETE_MEMBER,
                  Refusal.YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER);
              Team team = findFor(tx, organizationId, teamId, userId);
              if (teams.member(tx.sql(), teamId, userId).isEmpty()) {
                throw Refusal.USER_IS_NOT_A_MEMBER_OF_THE_TEAM.badRequest();
              }
              teams.deleteMember(tx, teamId, userId);
              shared.active().leaveTeam(tx, teamId, Optional.of(userId));
              auditMember(tx, caller, team, userId, "team-member-removed");
            });
  }
}
