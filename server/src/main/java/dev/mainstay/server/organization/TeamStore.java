package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.TEAMS;
import static dev.mainstay.server.schema.Tables.TEAM_MEMBERS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.TeamMembersRecord;
import dev.mainstay.server.schema.tables.records.TeamsRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** The tables of teams. */
final class TeamStore {

  void insert(Tx tx, Team team) {
    tx.sql()
        .insertInto(TEAMS)
        .set(TEAMS.ID, team.id())
        .set(TEAMS.ORGANIZATION_ID, team.organizationId())
        .set(TEAMS.NAME, team.name())
        .set(TEAMS.CREATED_AT, team.createdAt())
        .set(TEAMS.UPDATED_AT, team.updatedAt())
        .execute();
  }

  Optional<Team> byId(DSLContext sql, String id) {
    return sql.selectFrom(TEAMS).where(TEAMS.ID.eq(id)).fetchOptional(TeamStore::team);
  }

  /** Empty too for one of another organization. */
  Optional<Team> byId(DSLContext sql, String organizationId, String id) {
    return byId(sql, id).filter(team -> team.organizationId().equals(organizationId));
  }

  List<Team> list(DSLContext sql, String organizationId) {
    return sql.selectFrom(TEAMS)
        .where(TEAMS.ORGANIZATION_ID.eq(organizationId))
        .orderBy(TEAMS.ID)
        .fetch(TeamStore::team);
  }

  List<CountedTeam> counted(DSLContext sql, String organizationId) {
    Map<String, Integer> counts =
        sql.select(TEAM_MEMBERS.TEAM_ID, DSL.count())
            .from(TEAM_MEMBERS)
            .join(TEAMS)
            .on(TEAMS.ID.eq(TEAM_MEMBERS.TEAM_ID))
            .where(TEAMS.ORGANIZATION_ID.eq(organizationId))
            .groupBy(TEAM_MEMBERS.TEAM_ID)
            .fetchMap(TEAM_MEMBERS.TEAM_ID, DSL.count());
    return list(sql, organizationId).stream()
        .map(team -> new CountedTeam(team, counts.getOrDefault(team.id(), 0)))
        .toList();
  }

  int count(DSLContext sql, String organizationId) {
    return sql.fetchCount(TEAMS, TEAMS.ORGANIZATION_ID.eq(organizationId));
  }

  void update(Tx tx, Team team) {
    tx.sql()
        .update(TEAMS)
        .set(TEAMS.NAME, team.name())
        .set(TEAMS.UPDATED_AT, team.updatedAt())
        .where(TEAMS.ID.eq(team.id()))
        .execute();
  }

  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(TEAM_MEMBERS).where(TEAM_MEMBERS.TEAM_ID.eq(id)).execute();
    tx.sql().deleteFrom(TEAMS).where(TEAMS.ID.eq(id)).execute();
  }

  void deleteAll(Tx tx, String organizationId) {
    tx.sql()
        .deleteFrom(TEAM_MEMBERS)
        .where(TEAM_MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .execute();
    tx.sql().deleteFrom(TEAMS).where(TEAMS.ORGANIZATION_ID.eq(organizationId)).execute();
  }

  void insertMember(Tx tx, String organizationId, TeamMember member) {
    tx.sql()
        .insertInto(TEAM_MEMBERS)
        .set(TEAM_MEMBERS.ID, member.id())
        .set(TEAM_MEMBERS.ORGANIZATION_ID, organizationId)
        .set(TEAM_MEMBERS.TEAM_ID, member.teamId())
        .set(TEAM_MEMBERS.USER_ID, member.userId())
        .set(TEAM_MEMBERS.CREATED_AT, member.createdAt())
        .execute();
  }

  Optional<TeamMember> member(DSLContext sql, String teamId, String userId) {
    return sql.selectFrom(TEAM_MEMBERS)
        .where(TEAM_MEMBERS.TEAM_ID.eq(teamId))
        .and(TEAM_MEMBERS.USER_ID.eq(userId))
        .fetchOptional(TeamStore::member);
  }

  List<TeamMember> members(DSLContext sql, String teamId) {
    return sql.selectFrom(TEAM_MEMBERS)
        .where(TEAM_MEMBERS.TEAM_ID.eq(teamId))
        .orderBy(TEAM_MEMBERS.ID)
        .fetch(TeamStore::member);
  }

  /**
   * The teams that somebody is in, the oldest first.
   *
   * @param organizationId of one organization alone
   */
  List<Team> ofUser(DSLContext sql, String userId, Optional<String> organizationId, int limit) {
    return sql.select(TEAMS.fields())
        .from(TEAMS)
        .join(TEAM_MEMBERS)
        .on(TEAM_MEMBERS.TEAM_ID.eq(TEAMS.ID))
        .where(TEAM_MEMBERS.USER_ID.eq(userId))
        .and(organizationId.map(TEAMS.ORGANIZATION_ID::eq).orElseGet(DSL::noCondition))
        .orderBy(TEAMS.ID)
        .limit(limit)
        .fetchInto(TEAMS)
        .map(TeamStore::team);
  }

  void deleteMember(Tx tx, String teamId, String userId) {
    tx.sql()
        .deleteFrom(TEAM_MEMBERS)
        .where(TEAM_MEMBERS.TEAM_ID.eq(teamId))
        .and(TEAM_MEMBERS.USER_ID.eq(userId))
        .execute();
  }

  /** Somebody leaves all teams of an organization. */
  void deleteMemberships(Tx tx, String organizationId, String userId) {
    tx.sql()
        .deleteFrom(TEAM_MEMBERS)
        .where(TEAM_MEMBERS.ORGANIZATION_ID.eq(organizationId))
        .and(TEAM_MEMBERS.USER_ID.eq(userId))
        .execute();
  }

  private static Team team(TeamsRecord row) {
    return new Team(
        row.getId(),
        row.getName(),
        row.getOrganizationId(),
        row.getCreatedAt(),
        row.getUpdatedAt());
  }

  private static TeamMember member(TeamMembersRecord row) {
    return new TeamMember(row.getId(), row.getTeamId(), row.getUserId(), row.getCreatedAt());
  }
}
