package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Call;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.impl.DSL;

/** Which users are listed, in the words of Better Auth's {@code list-users}. */
final class UserQueryStore {
  private static final int MAX_LIMIT = 200;
  private static final int DEFAULT_LIMIT = 100;

  private static final Map<String, Field<?>> FIELDS =
      Map.of(
          "id", USERS.ID,
          "email", USERS.EMAIL,
          "name", USERS.NAME,
          "role", USERS.ROLE,
          "banned", USERS.BANNED,
          "emailVerified", USERS.EMAIL_VERIFIED,
          "createdAt", USERS.CREATED_AT,
          "updatedAt", USERS.UPDATED_AT);

  /** A page of users. */
  record UserQuery(Condition condition, SortField<?> order, int limit, int offset) {}

  private UserQueryStore() {}

  static UserQuery of(Call<?> call) {
    Condition search =
        call.query("searchValue")
            .map(
                value ->
                    condition(
                        "searchField",
                        call.query("searchField").orElse("email"),
                        call.query("searchOperator").orElse("contains"),
                        value))
            .orElse(DSL.noCondition());
    Condition filter =
        call.query("filterValue")
            .map(
                value ->
                    condition(
                        "filterField",
                        call.query("filterField").orElse("email"),
                        call.query("filterOperator").orElse("eq"),
                        value))
            .orElse(DSL.noCondition());
    Field<?> sort = field("sortBy", call.query("sortBy").orElse("id"));
    boolean descending = call.query("sortDirection").equals(Optional.of("desc"));
    return new UserQuery(
        USERS.DELETED_AT.isNull().and(search).and(filter),
        descending ? sort.desc() : sort.asc(),
        (int) call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        (int) call.number("offset", 0, 0, Integer.MAX_VALUE));
  }

  private static Field<?> field(String parameter, String name) {
    Field<?> field = FIELDS.get(name);
    if (field == null) {
      throw ProblemException.badRequest(
          parameter,
          "must be one of " + String.join(", ", FIELDS.keySet().stream().sorted().toList()));
    }
    return field;
  }

  private static Condition condition(String parameter, String name, String operator, String value) {
    Field<?> field = field(parameter, name);
    return switch (operator) {
      case "contains" -> text(parameter, field).containsIgnoreCase(value);
      case "starts_with" -> text(parameter, field).startsWithIgnoreCase(value);
      case "ends_with" -> text(parameter, field).endsWithIgnoreCase(value);
      case "eq", "ne", "lt", "lte", "gt", "gte" -> compare(parameter, field, operator, value);
      default ->
          throw ProblemException.badRequest(
              parameter.replace("Field", "Operator"),
              "must be one of contains, starts_with, ends_with, eq, ne, lt, lte, gt, gte");
    };
  }

  private static Field<String> text(String parameter, Field<?> field) {
    if (field.getType() != String.class) {
      throw ProblemException.badRequest(
          parameter, "is not a text, of which a part can be asked for");
    }
    return field.coerce(String.class);
  }

  private static Condition compare(
      String parameter, Field<?> field, String operator, String value) {
    if (field.getType() == Instant.class) {
      return compare(field.coerce(USERS.CREATED_AT), operator, instant(parameter, value));
    }
    if (field.getType() == Boolean.class) {
      return compare(field.coerce(Boolean.class), operator, Boolean.valueOf(value));
    }
    return compare(field.coerce(String.class), operator, value);
  }

  private static Instant instant(String parameter, String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw ProblemException.badRequest(
          parameter.replace("Field", "Value"), "must be a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static <T> Condition compare(Field<T> field, String operator, T value) {
    return switch (operator) {
      case "eq" -> field.eq(value);
      case "ne" -> field.ne(value);
      case "lt" -> field.lt(value);
      case "lte" -> field.le(value);
      case "gt" -> field.gt(value);
      default -> field.ge(value);
    };
  }
}
