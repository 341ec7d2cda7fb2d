package dev.mainstay.server.schema;

import java.math.BigDecimal;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** An exact decimal: text in the database, since SQLite has no decimal type. */
public final class MoneyConverter extends AbstractConverter<String, BigDecimal> {
  public MoneyConverter() {
    super(String.class, BigDecimal.class);
  }

  @Override
  public @Nullable BigDecimal from(@Nullable String text) {
    return text == null ? null : new BigDecimal(text);
  }

  @Override
  public @Nullable String to(@Nullable BigDecimal amount) {
    return amount == null ? null : amount.toPlainString();
  }
}
