package dev.mainstay.server.organization;

import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.http.Page;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The table of organizations, across all of them. */
final class InstanceOrganizationStore {
  private static final Field<Integer> MEMBER_COUNT =
      DSL.field(
          DSL.selectCount().from(MEMBERS).where(MEMBERS.ORGANIZATION_ID.eq(ORGANIZATIONS.ID)));

  private static final Field<Boolean> PERSONAL =
      DSL.field(
          DSL.exists(
              DSL.selectOne()
                  .from(USERS)
                  .where(USERS.ORGANIZATION_ID.eq(ORGANIZATIONS.ID))
                  .and(USERS.DELETED_AT.isNull())));

  /**
   * Which organizations.
   *
   * @param search a part of the name or slug
   * @param userId of whom they are
   */
  record Query(
      Optional<String> search, Optional<String> userId, Optional<String> before, int limit) {}

  /** The newest first, without those that were deleted. */
  Page<InstanceOrganizationView> page(DSLContext sql, Query query) {
    List<? extends Record> rows =
        sql.select(
                ORGANIZATIONS.ID,
                ORGANIZATIONS.NAME,
                ORGANIZATIONS.SLUG,
                ORGANIZATIONS.LOGO,
                ORGANIZATIONS.CREATED_AT,
                PERSONAL,
                MEMBER_COUNT)
            .from(ORGANIZATIONS)
            .where(condition(query))
            .orderBy(ORGANIZATIONS.ID.desc())
            .limit(query.limit() + 1)
            .fetch();
    return Page.of(
        rows, query.limit(), InstanceOrganizationStore::view, row -> row.get(ORGANIZATIONS.ID));
  }

  private static Condition condition(Query query) {
    return ORGANIZATIONS
        .DELETED_AT
        .isNull()
        .and(
            query
                .search()
                .map(
                    text ->
                        ORGANIZATIONS
                            .NAME
                            .containsIgnoreCase(text)
                            .or(ORGANIZATIONS.SLUG.containsIgnoreCase(text)))
                .orElse(DSL.noCondition()))
        .and(
            query
                .userId()
                .map(
                    id ->
                        DSL.exists(
                            DSL.selectOne()
                                .from(MEMBERS)
                                .where(MEMBERS.ORGANIZATION_ID.eq(ORGANIZATIONS.ID))
                                .and(MEMBERS.USER_ID.eq(id))))
                .orElse(DSL.noCondition()))
        .and(query.before().map(ORGANIZATIONS.ID::lt).orElse(DSL.noCondition()));
  }

  private static InstanceOrganizationView view(Record row) {
    return new InstanceOrganizationView(
        row.get(ORGANIZATIONS.ID),
        row.get(ORGANIZATIONS.NAME),
        row.get(ORGANIZATIONS.SLUG),
        row.get(ORGANIZATIONS.LOGO),
        row.get(PERSONAL),
        row.get(MEMBER_COUNT),
        row.get(ORGANIZATIONS.CREATED_AT));
  }
}
