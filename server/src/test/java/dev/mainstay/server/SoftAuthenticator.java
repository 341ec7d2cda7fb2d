package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** An authenticator with one ES256 key, and the browser before it (WebAuthn Level 3). */
final class SoftAuthenticator {
  private static final int PRESENT = 0x01;
  private static final int VERIFIED = 0x04;
  private static final int ATTESTED = 0x40;

  /** A map of COSE: kind EC2, ES256, P-256, then x. */
  private static final String COSE_X = "a5010203262001215820";

  private static final String COSE_Y = "225820";

  private final KeyPair keys;
  private final byte[] id = new byte[32];
  private String origin;
  private String rpId;
  private String userHandle = "";
  private int counter;
  private boolean verifies = true;
  private boolean crossOrigin;

  SoftAuthenticator(String origin, String rpId) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    keys = generator.generateKeyPair();
    new SecureRandom().nextBytes(id);
    this.origin = origin;
    this.rpId = rpId;
  }

  String id() {
    return encode(id);
  }

  /** It knows the person, by a PIN; or it does not. */
  SoftAuthenticator verifying(boolean yes) {
    verifies = yes;
    return this;
  }

  SoftAuthenticator at(String page) {
    origin = page;
    return this;
  }

  SoftAuthenticator forParty(String host) {
    rpId = host;
    return this;
  }

  SoftAuthenticator framed(boolean yes) {
    crossOrigin = yes;
    return this;
  }

  /** As a copy of it that has signed less often. */
  SoftAuthenticator counting(int signatures) {
    counter = signatures;
    return this;
  }

  SoftAuthenticator as(String user) {
    userHandle = user;
    return this;
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private byte[] client(String type, JsonNode options) {
    return Json.object()
        .put("type", type)
        .put("challenge", options.path("challenge").asText())
        .put("origin", origin)
        .put("crossOrigin", crossOrigin)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] authenticatorData(int flags, byte[] more) throws GeneralSecurityException {
    return ByteBuffer.allocate(37 + more.length)
        .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
        .put((byte) (flags | PRESENT | (verifies ? VERIFIED : 0)))
        .putInt(++counter)
        .put(more)
        .array();
  }

  /** What a browser sends after {@code navigator.credentials.create}. */
  Map<String, Object> create(JsonNode options) throws GeneralSecurityException {
    userHandle =
        new String(
            Base64.getUrlDecoder().decode(options.path("user").path("id").asText()),
            StandardCharsets.UTF_8);
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    ByteArrayOutputStream credential = new ByteArrayOutputStream();
    credential.writeBytes(new byte[16]);
    credential.writeBytes(new byte[] {0, (byte) id.length});
    credential.writeBytes(id);
    credential.writeBytes(HexFormat.of().parseHex(COSE_X));
    credential.writeBytes(coordinate(key.getW().getAffineX().toByteArray()));
    credential.writeBytes(HexFormat.of().parseHex(COSE_Y));
    credential.writeBytes(coordinate(key.getW().getAffineY().toByteArray()));
    byte[] data = authenticatorData(ATTESTED, credential.toByteArray());
    ByteArrayOutputStream attestation = new ByteArrayOutputStream();
    attestation.write(0xa3);
    text(attestation, "fmt");
    text(attestation, "none");
    text(attestation, "attStmt");
    attestation.write(0xa0);
    text(attestation, "authData");
    attestation.writeBytes(new byte[] {0x58, (byte) data.length});
    attestation.writeBytes(data);
    return Map.of(
        "id",
        id(),
        "rawId",
        id(),
        "type",
        "public-key",
        "clientExtensionResults",
        Map.of(),
        "response",
        Map.of(
            "clientDataJSON",
            encode(client("webauthn.create", options)),
            "attestationObject",
            encode(attestation.toByteArray()),
            "transports",
            java.util.List.of("internal", "hybrid")));
  }

  private static void text(ByteArrayOutputStream cbor, String text) {
    cbor.write(0x60 + text.length());
    cbor.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** 32 bytes, without a sign. */
  private static byte[] coordinate(byte[] number) {
    byte[] bytes = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, bytes, 32 - length, length);
    return bytes;
  }

  /** What a browser sends after {@code navigator.credentials.get}. */
  Map<String, Object> get(JsonNode options) throws GeneralSecurityException {
    byte[] client = client("webauthn.get", options);
    byte[] data = authenticatorData(0, new byte[0]);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(data);
    signature.update(sha256(client));
    return Map.of(
        "id",
        id(),
        "rawId",
        id(),
        "type",
        "public-key",
        "clientExtensionResults",
        Map.of(),
        "response",
        Map.of(
            "clientDataJSON",
            encode(client),
            "authenticatorData",
            encode(data),
            "signature",
            encode(signature.sign()),
            "userHandle",
            encode(userHandle.getBytes(StandardCharsets.UTF_8))));
  }

  @Override
  public String toString() {
    return "SoftAuthenticator" + Arrays.toString(Arrays.copyOf(id, 4));
  }
}
