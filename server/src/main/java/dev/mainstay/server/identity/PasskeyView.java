package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A passkey as its user sees it, in Better Auth's shape.
 *
 * @param counter of signatures; 0 if the authenticator does not count
 * @param deviceType {@code singleDevice} or {@code multiDevice}
 * @param transports with commas between them
 * @param aaguid the authenticator's model, all zeros if it does not say
 */
@JsonInclude
public record PasskeyView(
    String id,
    @Nullable String name,
    String publicKey,
    String userId,
    String credentialID,
    long counter,
    String deviceType,
    boolean backedUp,
    String transports,
    Instant createdAt,
    String aaguid) {

  static PasskeyView of(Passkey passkey) {
    return new PasskeyView(
        passkey.id(),
        passkey.name().orElse(null),
        passkey.publicKey(),
        passkey.userId(),
        passkey.credentialId(),
        passkey.counter(),
        passkey.backupAble() ? "multiDevice" : "singleDevice",
        passkey.backedUp(),
        String.join(",", passkey.transports()),
        passkey.createdAt(),
        passkey.aaguid());
  }
}
