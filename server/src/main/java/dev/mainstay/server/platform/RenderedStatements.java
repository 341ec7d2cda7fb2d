package dev.mainstay.server.platform;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.Param;
import org.jooq.Query;

/** The text of kept statements in one dialect. As many as there are constants. */
final class RenderedStatements {
  private final DSLContext sql;
  private final Map<KeptStatement, Rendered> rendered = new ConcurrentHashMap<>();

  /**
   * @param sql renders only; it needs no connection
   */
  RenderedStatements(DSLContext sql) {
    this.sql = sql;
  }

  /** A statement's text, and the parameters in the order in which they stand in it. */
  record Rendered(String text, List<Param<?>> parameters) {}

  Rendered get(KeptStatement statement) {
    return rendered.computeIfAbsent(statement, this::render);
  }

  private Rendered render(KeptStatement statement) {
    Query query = statement.query(sql);
    return new Rendered(
        query.getSQL(),
        query.getParams().values().stream().filter(param -> !param.isInline()).toList());
  }
}
