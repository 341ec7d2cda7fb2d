package dev.mainstay.server.organization;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Call;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which members to list, and in which order: the parameters that Better Auth has for it. */
record MemberQuery(
    int limit, int offset, Field order, boolean descending, Optional<Filter> filter) {
  static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 200;
  private static final int MAX_VALUE = 500;

  /** What a member has, by its name on the wire. */
  enum Field {
    ID("id"),
    USER_ID("userId"),
    ROLE("role"),
    CREATED_AT("createdAt");

    private final String id;

    Field(String id) {
      this.id = id;
    }
  }

  /** How a value is compared. */
  enum Operator {
    EQ,
    NE,
    IN,
    NOT_IN,
    CONTAINS,
    STARTS_WITH,
    ENDS_WITH;

    private String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Those that are listed.
   *
   * @param field not {@link Field#CREATED_AT}
   */
  record Filter(Field field, Operator operator, String value) {}

  static MemberQuery of(Call<?> call) {
    boolean descending =
        switch (call.query("sortDirection").orElse("asc")) {
          case "asc" -> false;
          case "desc" -> true;
          default -> throw ProblemException.badRequest("sortDirection", "must be asc or desc");
        };
    return new MemberQuery(
        (int) call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        (int) call.number("offset", 0, 0, Integer.MAX_VALUE),
        call.query("sortBy").map(name -> field("sortBy", name)).orElse(Field.ID),
        descending,
        call.query("filterField").map(name -> filter(call, name)));
  }

  private static Field field(String parameter, String name) {
    return Arrays.stream(Field.values())
        .filter(field -> field.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.badRequest(
                    parameter,
                    "must be one of "
                        + Arrays.stream(Field.values())
                            .map(field -> field.id)
                            .collect(Collectors.joining(", "))));
  }

  private static Filter filter(Call<?> call, String name) {
    Field field = field("filterField", name);
    if (field == Field.CREATED_AT) {
      throw ProblemException.badRequest("filterField", "must be id, userId or role");
    }
    String wanted = call.query("filterOperator").orElse("eq");
    Operator operator =
        Arrays.stream(Operator.values())
            .filter(one -> one.id().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    ProblemException.badRequest(
                        "filterOperator",
                        "must be one of "
                            + Arrays.stream(Operator.values())
                                .map(Operator::id)
                                .collect(Collectors.joining(", "))));
    String value = call.query("filterValue").orElse("");
    if (value.length() > MAX_VALUE) {
      throw ProblemException.badRequest(
          "filterValue", "must have " + MAX_VALUE + " characters at most");
    }
    return new Filter(field, operator, value);
  }
}
