package dev.mainstay.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The log goes to standard error. Set up in code: reading a configuration file loads an XML parser
 * and some hundred classes on every start.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg%n%ex{20}";

  /** As which jOOQ says once that a database is older than its dialect. */
  static final String JOOQ_VERSION = "org.jooq.impl.DefaultExecuteContext.logVersionSupport";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger("ROOT").setLevel(Level.WARN);
    context.getLogger("ROOT").addAppender(appender);
    context
        .getLogger("dev.mainstay")
        .setLevel(Level.toLevel(System.getProperty("mainstay.log.level"), Level.INFO));
    // PostgreSQL is checked at the start; jOOQ's dialect names a newer one than our statements
    // need.
    context.getLogger(JOOQ_VERSION).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
