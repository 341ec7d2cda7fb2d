package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The public key of an authenticator (WebAuthn, Level 3). Bytes are in Base64url.
 *
 * @param aaguid the authenticator's model
 * @param publicKey as COSE has it
 * @param counter of signatures; 0 if the authenticator does not count
 * @param backupAble it may be on several devices
 */
record Passkey(
    String id,
    String userId,
    Optional<String> name,
    String credentialId,
    String aaguid,
    String publicKey,
    long counter,
    boolean backupAble,
    boolean backedUp,
    List<String> transports,
    Instant createdAt) {}
