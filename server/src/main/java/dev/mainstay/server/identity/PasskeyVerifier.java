package dev.mainstay.server.identity;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.server.ServerProperty;
import dev.mainstay.server.platform.Ids;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * WebAuthn's rules for what an authenticator says (Level 3, sections 7.1 and 7.2), by webauthn4j.
 * What model an authenticator is need not be proved.
 */
final class PasskeyVerifier {
  /** EdDSA, ES256, RS256 (IANA's COSE algorithms), those that are wanted first. */
  static final List<Long> ALGORITHMS = List.of(-8L, -7L, -257L);

  private static final int AAGUID_BYTES = 16;
  private static final int KEY_OFFSET = AAGUID_BYTES + Short.BYTES;
  private static final int MAX_TRANSPORTS = 10;

  /** Built on first use: most starts need none of it. */
  private static final class Library {
    static final ObjectConverter CONVERTER = new ObjectConverter();
    static final WebAuthnManager MANAGER =
        WebAuthnManager.createNonStrictWebAuthnManager(CONVERTER);
    static final AttestedCredentialDataConverter CREDENTIALS =
        new AttestedCredentialDataConverter(CONVERTER);
  }

  private final Supplier<URI> url;

  /**
   * @param url where people find the server: keys are for its host, and no other page may ask
   */
  PasskeyVerifier(Supplier<URI> url) {
    this.url = url;
  }

  /** The relying party. */
  String rpId() {
    return url.get().getHost();
  }

  /** Something that a caller sent is not right. */
  static final class Refused extends Exception {
    Refused(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The work of the library, all whose complaints are about what was sent. */
  private interface Work<T> {
    T run() throws Refused;
  }

  private static <T> T refusing(Work<T> work) throws Refused {
    try {
      return work.run();
    } catch (RuntimeException e) {
      // Beside its own exceptions those of its parsers come through, also of what is missing.
      throw new Refused("The authenticator's answer is not valid", e);
    }
  }

  private static void require(boolean right, String message) throws Refused {
    if (!right) {
      throw new Refused(message, null);
    }
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private ServerProperty expected(@Nullable CollectedClientData client, String challengeHash)
      throws Refused {
    if (client == null || client.getChallenge() == null) {
      throw new Refused("There is no challenge", null);
    }
    String challenge = encode(client.getChallenge().getValue());
    require(Ids.hash(challenge).equals(challengeHash), "It is another challenge");
    require(!Boolean.TRUE.equals(client.getCrossOrigin()), "A page inside of another one");
    return ServerProperty.builder()
        .origin(new Origin(url.get().toString()))
        .rpId(rpId())
        .challenge(client.getChallenge())
        .build();
  }

  /** A new key, without what the server adds. */
  record Registered(
      String credentialId,
      String aaguid,
      String publicKey,
      long counter,
      boolean backupAble,
      boolean backedUp,
      List<String> transports) {}

  /**
   * @param response WebAuthn's {@code RegistrationResponseJSON}
   */
  Registered register(String response, String challengeHash) throws Refused {
    return refusing(
        () -> {
          RegistrationData data = Library.MANAGER.parseRegistrationResponseJSON(response);
          ServerProperty server = expected(data.getCollectedClientData(), challengeHash);
          RegistrationData unused =
              Library.MANAGER.verify(
                  data, new RegistrationParameters(server, parameters(), false, true));
          AuthenticatorData<?> authenticator = data.getAttestationObject().getAuthenticatorData();
          AttestedCredentialData credential = authenticator.getAttestedCredentialData();
          byte[] bytes = Library.CREDENTIALS.convert(credential);
          return new Registered(
              encode(credential.getCredentialId()),
              credential.getAaguid().toString(),
              encode(
                  Arrays.copyOfRange(
                      bytes, KEY_OFFSET + credential.getCredentialId().length, bytes.length)),
              authenticator.getSignCount(),
              authenticator.isFlagBE(),
              authenticator.isFlagBS(),
              transports(data.getTransports()));
        });
  }

  private static List<PublicKeyCredentialParameters> parameters() {
    return ALGORITHMS.stream()
        .map(
            algorithm ->
                new PublicKeyCredentialParameters(
                    PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.create(algorithm)))
        .toList();
  }

  private static List<String> transports(@Nullable Set<AuthenticatorTransport> transports) {
    return transports == null
        ? List.of()
        : transports.stream()
            .map(AuthenticatorTransport::getValue)
            .filter(name -> name.matches("[a-z-]{1,20}"))
            .sorted()
            .limit(MAX_TRANSPORTS)
            .toList();
  }

  /**
   * A signature that is right.
   *
   * @param verified the authenticator knows the person, by a PIN or a fingerprint
   */
  record Signed(long counter, boolean backedUp, boolean verified) {}

  /**
   * @param response WebAuthn's {@code AuthenticationResponseJSON}
   */
  Signed authenticate(String response, Passkey passkey, String challengeHash) throws Refused {
    return refusing(
        () -> {
          AuthenticationData data = Library.MANAGER.parseAuthenticationResponseJSON(response);
          ServerProperty server = expected(data.getCollectedClientData(), challengeHash);
          byte @Nullable [] user = data.getUserHandle();
          require(
              user == null
                  || user.length == 0
                  || new String(user, StandardCharsets.UTF_8).equals(passkey.userId()),
              "It is another user's");
          AuthenticationData unused =
              Library.MANAGER.verify(
                  data, new AuthenticationParameters(server, stored(passkey), null, false, true));
          AuthenticatorData<?> authenticator = data.getAuthenticatorData();
          return new Signed(
              authenticator.getSignCount(), authenticator.isFlagBS(), authenticator.isFlagUV());
        });
  }

  private static CredentialRecord stored(Passkey passkey) {
    byte[] id = Base64.getUrlDecoder().decode(passkey.credentialId());
    byte[] key = Base64.getUrlDecoder().decode(passkey.publicKey());
    byte[] credential =
        ByteBuffer.allocate(KEY_OFFSET + id.length + key.length)
            .put(new AAGUID(passkey.aaguid()).getBytes())
            .putShort((short) id.length)
            .put(id)
            .put(key)
            .array();
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        null,
        passkey.backupAble(),
        passkey.backedUp(),
        passkey.counter(),
        Library.CREDENTIALS.convert(credential),
        null,
        null,
        null,
        null);
  }
}
