package dev.mainstay.server.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a browser is told about an authenticator: WebAuthn's JSON (Level 3, section 5.1). */
final class PasskeyOptions {
  static final String PREFERRED = "preferred";
  static final String PUBLIC_KEY = "public-key";

  /** How long a browser waits for the person, in milliseconds. */
  static final long TIMEOUT = 60_000;

  private PasskeyOptions() {}

  /** Whose keys they are. */
  public record RelyingParty(String name, String id) {}

  /** Who registers; the id is what a key that is found by itself gives back. */
  public record KeyOwner(String id, String name, String displayName) {}

  /** A kind of key. */
  public record KeyParameters(long alg, String type) {}

  /** A key that is there. */
  public record KeyDescriptor(String id, String type, @Nullable List<String> transports) {
    static KeyDescriptor of(Passkey passkey) {
      return new KeyDescriptor(
          passkey.credentialId(),
          PUBLIC_KEY,
          passkey.transports().isEmpty() ? null : passkey.transports());
    }
  }

  /** Which authenticators are wanted. */
  public record AuthenticatorSelection(
      String residentKey,
      String userVerification,
      boolean requireResidentKey,
      @Nullable String authenticatorAttachment) {}

  /** What more is asked of the browser: whether the key is found by itself. */
  public record PasskeyExtensions(boolean credProps) {}

  /** To make a key. */
  public record PasskeyRegistration(
      String challenge,
      RelyingParty rp,
      KeyOwner user,
      List<KeyParameters> pubKeyCredParams,
      long timeout,
      String attestation,
      List<KeyDescriptor> excludeCredentials,
      AuthenticatorSelection authenticatorSelection,
      PasskeyExtensions extensions,
      List<String> hints) {}

  /**
   * To sign with a key.
   *
   * @param allowCredentials absent: any that the authenticator finds itself
   */
  public record PasskeyAuthentication(
      String rpId,
      String challenge,
      @Nullable List<KeyDescriptor> allowCredentials,
      long timeout,
      String userVerification) {}
}
