package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mail domain of an organization.
 *
 * @param verified the organization has proved that it reads the domain's mail
 */
@JsonInclude
public record Domain(
    String id,
    String organizationId,
    String domain,
    Mode mode,
    boolean verified,
    Instant createdAt,
    @Nullable Instant verifiedAt) {

  /** What becomes of people who have an address at the domain. */
  public enum Mode {
    /** They are invited as others are. */
    @JsonProperty("invite")
    INVITE,
    /** They are members once they have confirmed the address. */
    @JsonProperty("auto-join")
    AUTO_JOIN,
    /** They ask, and somebody of the organization decides. */
    @JsonProperty("request")
    REQUEST;

    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Mode of(String id) {
      return Arrays.stream(values())
          .filter(mode -> mode.id().equals(id))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("a mode that does not exist: " + id));
    }
  }
}
