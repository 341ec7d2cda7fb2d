package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The organization that a request names by id or slug. Clients that cannot set a header, as a
 * browser's WebSocket and EventSource, name it in the query.
 */
final class RequestOrganization {
  static final String HEADER = "X-Organization-Id";
  static final String QUERY = "organizationId";
  private static final int MAX_LENGTH = 200;

  private RequestOrganization() {}

  /**
   * @param query whether the query may name it: only where that parameter means nothing else
   * @throws ProblemException 400 if it is empty, too long, or said twice with different values
   */
  static Optional<String> of(Context context, boolean query) {
    Optional<String> header = Optional.ofNullable(context.header(HEADER)).map(String::strip);
    Optional<String> parameter =
        query ? Optional.ofNullable(context.queryParam(QUERY)) : Optional.empty();
    header.ifPresent(text -> check(HEADER, text));
    parameter.ifPresent(text -> check(QUERY, text));
    if (header.isPresent() && parameter.isPresent() && !header.equals(parameter)) {
      throw ProblemException.badRequest(QUERY, "names another organization than " + HEADER);
    }
    return Stream.of(header, parameter).flatMap(Optional::stream).findFirst();
  }

  private static void check(String field, String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw ProblemException.badRequest(field, "must have 1 to " + MAX_LENGTH + " characters");
    }
    Nul.refuse(field, text);
  }
}
