package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.ProblemException;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
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
    Optional<String> header =
        one(HEADER, Collections.list(context.req().getHeaders(HEADER)).stream().map(String::strip));
    Optional<String> parameter =
        query ? one(QUERY, context.queryParams(QUERY).stream()) : Optional.empty();
    header.ifPresent(text -> check(HEADER, text));
    parameter.ifPresent(text -> check(QUERY, text));
    if (header.isPresent() && parameter.isPresent() && !header.equals(parameter)) {
      throw ProblemException.badRequest(QUERY, "names another organization than " + HEADER);
    }
    return Stream.of(header, parameter).flatMap(Optional::stream).findFirst();
  }

  /** Of several that differ, a proxy and this server might each choose another. */
  private static Optional<String> one(String field, Stream<String> values) {
    List<String> different = values.distinct().toList();
    if (different.size() > 1) {
      throw ProblemException.badRequest(field, "is there more than once, with different values");
    }
    return different.stream().findFirst();
  }

  private static void check(String field, String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw ProblemException.badRequest(field, "must have 1 to " + MAX_LENGTH + " characters");
    }
    Nul.refuse(field, text);
  }
}
