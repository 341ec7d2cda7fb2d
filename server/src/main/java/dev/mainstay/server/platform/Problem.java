package dev.mainstay.server.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem document.
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

  public Problem(String type, String title, int status, String detail, List<FieldError> errors) {
    this(type, title, status, detail, errors, null);
  }

  public Problem {
    type = type.startsWith("urn:") ? type : "urn:mainstay:problem:" + type;
    errors = List.copyOf(errors);
  }
}
