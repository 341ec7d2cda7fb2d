package dev.mainstay.server.platform;

import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Query;

/**
 * A statement of a path that every request, or every step of a run, takes: jOOQ renders it once,
 * and the connection keeps it prepared. (Rendering and preparing take several times as long as
 * running it.)
 *
 * <p>Its parameters are made by {@link org.jooq.impl.DSL#param(org.jooq.Field)}, of the column that
 * they are for; their values are given in the order in which they stand in the SQL. To be made
 * once, as a constant.
 */
public final class KeptStatement {
  private final Function<DSLContext, Query> query;

  public KeptStatement(Function<DSLContext, Query> query) {
    this.query = query;
  }

  Query query(DSLContext sql) {
    return query.apply(sql);
  }
}
