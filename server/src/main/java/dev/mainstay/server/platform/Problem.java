package dev.mainstay.server.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem document. With {@link #code} and {@link #message}, which say the same again,
 * it is also an error as the clients of Better Auth read it.
 *
 * @param type a stable word; on the wire it is the URI {@code urn:mainstay:problem:<word>}
 * @param errors empty unless fields of the input are wrong
 * @param retryAfter seconds to wait, for 429
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    List<FieldError> errors,
    @Nullable Long retryAfter) {
  static final String INVALID_INPUT = "invalid-input";

  public Problem(String type, String title, int status, String detail, List<FieldError> errors) {
    this(type, title, status, detail, errors, null);
  }

  private static final String URN = "urn:mainstay:problem:";

  /** The type's word in capitals: {@code INVALID_PASSWORD}. */
  @JsonProperty
  public String code() {
    return type.equals(URN + INVALID_INPUT)
        ? "VALIDATION_ERROR"
        : type.substring(URN.length()).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** The detail. */
  @JsonProperty
  public String message() {
    return detail;
  }

  public Problem {
    type = type.startsWith(URN) ? type : URN + type;
    errors = List.copyOf(errors);
  }
}
