package dev.mainstay.agent.model;

import com.anthropic.core.http.Headers;
import com.anthropic.errors.AnthropicServiceException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.agent.Usage;
import dev.mainstay.agent.model.ModelException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an error of the Messages API means for the run.
 *
 * <p>The SDK's exceptions never become a cause: their texts hold the whole answer, and a server may
 * echo what it was sent.
 */
final class ApiErrors {
  private static final int MAX_MESSAGE = 500;

  /** The API gives "too long" no type of its own: it is a 400 with one of these in its message. */
  private static final List<String> OVERFLOW_PHRASES =
      List.of("prompt is too long", "exceed context limit", "exceeds the context window");

  private ApiErrors() {}

  static ModelException of(AnthropicServiceException e, UnaryOperator<String> redact) {
    String message = message(e);
    Kind kind = kind(e.statusCode(), message);
    String text = "HTTP %d: %s".formatted(e.statusCode(), shorten(redact.apply(message)));
    return new ModelException(kind, text, Usage.NONE, retryAfter(e.headers(), Instant.now()), null);
  }

  static ModelException of(
      StreamedMessage.StreamErrorException e, Usage usage, UnaryOperator<String> redact) {
    String message = String.valueOf(e.getMessage());
    Kind kind =
        switch (e.type()) {
          case "invalid_request_error", "request_too_large" ->
              isOverflow(message) || e.type().equals("request_too_large")
                  ? Kind.CONTEXT_OVERFLOW
                  : Kind.PERMANENT;
          case "authentication_error", "permission_error", "not_found_error", "billing_error" ->
              Kind.PERMANENT;
          default -> Kind.RETRYABLE;
        };
    String text = shorten(redact.apply(e.type() + ": " + message));
    return new ModelException(kind, text, usage, Optional.empty(), null);
  }

  private static Kind kind(int status, String message) {
    if (status == 413 || (status == 400 && isOverflow(message))) {
      return Kind.CONTEXT_OVERFLOW;
    }
    // 408 timeout, 409 conflict, 425 too early, 429 rate limit, 529 overloaded
    return switch (status) {
      case 408, 409, 425, 429 -> Kind.RETRYABLE;
      default -> status >= 500 ? Kind.RETRYABLE : Kind.PERMANENT;
    };
  }

  private static boolean isOverflow(String message) {
    return OVERFLOW_PHRASES.stream().anyMatch(message::contains);
  }

  private static String message(AnthropicServiceException e) {
    try {
      JsonNode body = e.body().convert(JsonNode.class);
      JsonNode text = body == null ? null : body.path("error").path("message");
      return text != null && text.isTextual() ? text.textValue() : "no message";
    } catch (RuntimeException notJson) {
      return "no message";
    }
  }

  /** {@code retry-after-ms}, or {@code retry-after} in seconds or as a date (RFC 9110, 10.2.3). */
  static Optional<Duration> retryAfter(Headers headers, Instant now) {
    Optional<Double> millis = number(headers, "retry-after-ms");
    if (millis.isPresent()) {
      return Optional.of(Duration.ofMillis(millis.get().longValue()));
    }
    Optional<Double> seconds = number(headers, "retry-after");
    if (seconds.isPresent()) {
      return Optional.of(Duration.ofMillis((long) (seconds.get() * 1000)));
    }
    return headers.values("retry-after").stream().findFirst().flatMap(date -> until(date, now));
  }

  private static Optional<Double> number(Headers headers, String name) {
    return headers.values(name).stream()
        .findFirst()
        .flatMap(
            value -> {
              try {
                double number = Double.parseDouble(value);
                return number >= 0 && number < 1e12 ? Optional.of(number) : Optional.empty();
              } catch (NumberFormatException e) {
                return Optional.empty();
              }
            });
  }

  private static Optional<Duration> until(String date, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isAfter(now) ? Optional.of(Duration.between(now, then)) : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String shorten(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
  }
}
