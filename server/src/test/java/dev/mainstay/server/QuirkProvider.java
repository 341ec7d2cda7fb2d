package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A provider in this process: GitHub's shape at the root and its API at {@code /api}, an OpenID
 * issuer at {@code /oidc}; and all the ways in which they go wrong.
 */
final class QuirkProvider implements AutoCloseable {
  static final String SECRET = "canary-client-secret-77aa";

  /** What becomes of a call of the token endpoint, or of the API. */
  enum Mode {
    NORMAL,
    JSON,
    ERROR_WITH_200,
    FAILING,
    HUGE,
    REDIRECTING,
    SILENT,
    EMPTY,
    GARBAGE
  }

  /** Somebody with an account here. */
  record Account(String id, String email, boolean verified) {}

  private record Grant(Account account, String challenge, String redirect, String nonce) {}

  private final HttpServer http;
  private final Map<String, Grant> codes = new ConcurrentHashMap<>();
  private final Map<String, Account> tokens = new ConcurrentHashMap<>();
  private final Map<String, Account> refreshTokens = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger issued = new AtomicInteger();

  /** Paths that were called, in this order. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  volatile Mode mode = Mode.NORMAL;
  volatile UnaryOperator<JWTClaimsSet.Builder> claims = one -> one;
  volatile boolean unsigned;
  volatile boolean promisesIssuer;
  volatile boolean rotates = true;
  volatile RSAKey key = newKey();
  volatile RSAKey shownKey = key;

  QuirkProvider() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::handle);
    http.start();
  }

  static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  URI url() {
    return URI.create("http://localhost:" + http.getAddress().getPort());
  }

  String issuer() {
    return url() + "/oidc";
  }

  /** What a server needs to know of it; more providers follow. */
  String oidc(ObjectNode... more) {
    var all = Json.MAPPER.createArrayNode().add(client("quirk", issuer()));
    for (ObjectNode one : more) {
      all.add(one);
    }
    return all.toString();
  }

  static ObjectNode client(String id, String issuer) {
    return Json.object()
        .put("id", id)
        .put("name", "Quirk " + id)
        .put("issuer", issuer)
        .put("clientId", "client")
        .put("clientSecret", SECRET);
  }

  /** Somebody agrees on the page of the provider. */
  String grant(URI authorization, Account account) {
    Map<String, String> query = form(authorization.getRawQuery());
    String code = "canary-code-" + UUID.randomUUID();
    codes.put(
        code,
        new Grant(
            account,
            query.getOrDefault("code_challenge", ""),
            query.getOrDefault("redirect_uri", ""),
            query.getOrDefault("nonce", "")));
    return code;
  }

  static Map<String, String> form(String text) {
    Map<String, String> all = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      all.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return all;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.add(path);
      switch (path) {
        case "/login/oauth/access_token" -> token(exchange, form(body), false);
        case "/oidc/token" -> token(exchange, form(body), true);
        case "/api/user" -> user(exchange);
        case "/api/user/emails" -> emails(exchange);
        case "/oidc/userinfo" -> info(exchange);
        case "/oidc/.well-known/openid-configuration" -> json(exchange, 200, metadata());
        case "/oidc/keys" ->
            send(exchange, 200, "application/json", new JWKSet(shownKey.toPublicJWK()).toString());
        default -> send(exchange, 404, "text/plain", "nothing here");
      }
    }
  }

  private JsonNode metadata() {
    ObjectNode metadata =
        Json.object()
            .put("issuer", issuer())
            .put("authorization_endpoint", issuer() + "/authorize")
            .put("token_endpoint", issuer() + "/token")
            .put("userinfo_endpoint", issuer() + "/userinfo")
            .put("jwks_uri", issuer() + "/keys")
            .put("authorization_response_iss_parameter_supported", promisesIssuer);
    metadata.putArray("response_types_supported").add("code");
    metadata.putArray("subject_types_supported").add("public");
    metadata
        .putArray("id_token_signing_alg_values_supported")
        .add("RS256")
        .add("none")
        .add("HS256");
    return metadata;
  }

  private void token(HttpExchange exchange, Map<String, String> form, boolean oidc)
      throws IOException {
    switch (mode) {
      case FAILING -> send(exchange, 500, "text/html", "<h1>canary-provider-page</h1>");
      case HUGE -> send(exchange, 200, "application/json", "x".repeat(1024 * 1024));
      case GARBAGE -> send(exchange, 200, "application/json", "{\"access_token\":\"canary-garbage");
      case EMPTY ->
          json(exchange, 200, Json.object().put("access_token", "").put("token_type", "bearer"));
      case REDIRECTING -> {
        exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data");
        send(exchange, 307, "text/plain", "");
      }
      case SILENT -> {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      case ERROR_WITH_200 ->
          json(exchange, 200, Json.object().put("error", "bad_verification_code"));
      case NORMAL, JSON -> tokens(exchange, form, oidc);
    }
  }

  private void tokens(HttpExchange exchange, Map<String, String> form, boolean oidc)
      throws IOException {
    boolean knowsSecret =
        oidc
            ? ("Basic " + base64("client:" + SECRET))
                .equals(exchange.getRequestHeaders().getFirst("Authorization"))
            : SECRET.equals(form.get("client_secret"));
    if (!knowsSecret) {
      refuse(exchange, oidc, "invalid_client");
      return;
    }
    Optional<Grant> grant =
        Optional.ofNullable(codes.remove(form.getOrDefault("code", "")))
            .filter(one -> one.redirect().equals(form.get("redirect_uri")))
            .filter(one -> one.challenge().equals(challenge(form.get("code_verifier"))));
    Optional<Account> account = grant.map(Grant::account);
    if (account.isEmpty() && "refresh_token".equals(form.get("grant_type"))) {
      String presented = form.getOrDefault("refresh_token", "");
      account =
          Optional.ofNullable(
              rotates ? refreshTokens.remove(presented) : refreshTokens.get(presented));
    }
    if (account.isEmpty()) {
      refuse(exchange, oidc, oidc ? "invalid_grant" : "bad_verification_code");
      return;
    }
    String access = "canary-access-" + issued.incrementAndGet();
    tokens.put(access, account.get());
    ObjectNode answer = Json.object().put("access_token", access).put("token_type", "bearer");
    if (oidc) {
      answer.put("expires_in", 1).put("scope", "openid email profile");
      if (grant.isPresent()) {
        answer.put("id_token", idToken(grant.get()));
      }
      if (rotates || grant.isPresent()) {
        String refresh = "canary-refresh-" + issued.incrementAndGet();
        refreshTokens.put(refresh, account.get());
        answer.put("refresh_token", refresh);
      }
      json(exchange, 200, answer);
    } else if (mode == Mode.JSON) {
      json(exchange, 200, answer.put("scope", "read:user,user:email"));
    } else {
      send(
          exchange,
          200,
          "application/x-www-form-urlencoded; charset=utf-8",
          "access_token=" + access + "&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer");
    }
  }

  private static void refuse(HttpExchange exchange, boolean oidc, String error) throws IOException {
    if (oidc) {
      json(exchange, 400, Json.object().put("error", error));
    } else {
      send(exchange, 200, "application/x-www-form-urlencoded", "error=" + error);
    }
  }

  private String idToken(Grant grant) {
    Instant now = Instant.now();
    JWTClaimsSet set =
        claims
            .apply(
                new JWTClaimsSet.Builder()
                    .issuer(issuer())
                    .audience("client")
                    .subject(grant.account().id())
                    .issueTime(Date.from(now))
                    .expirationTime(Date.from(now.plusSeconds(600)))
                    .claim("nonce", grant.nonce())
                    .claim("email", grant.account().email())
                    .claim("email_verified", grant.account().verified())
                    .claim("name", "Quirk <b>Person</b>"))
            .build();
    if (unsigned) {
      return new PlainJWT(set).serialize();
    }
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), set);
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<Account> account(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return Optional.ofNullable(header)
        .flatMap(text -> Optional.ofNullable(tokens.get(text.replaceFirst("^Bearer ", ""))));
  }

  private void user(HttpExchange exchange) throws IOException {
    Optional<Account> account = account(exchange);
    if (account.isEmpty()) {
      json(exchange, 401, Json.object().put("message", "Bad credentials"));
      return;
    }
    json(
        exchange,
        200,
        Json.object()
            .put("login", "octo-" + account.get().id())
            .put("id", Long.parseLong(account.get().id()))
            .put("avatar_url", "https://avatars.example.com/u/1")
            .putNull("name")
            .putNull("email"));
  }

  private void emails(HttpExchange exchange) throws IOException {
    Optional<Account> account = account(exchange);
    if (account.isEmpty()) {
      json(exchange, 401, Json.object());
      return;
    }
    var list = Json.MAPPER.createArrayNode();
    list.addObject()
        .put("email", "1+octo@users.noreply.github.com")
        .put("primary", false)
        .put("verified", true);
    list.addObject()
        .put("email", account.get().email())
        .put("primary", true)
        .put("verified", account.get().verified());
    json(exchange, 200, list);
  }

  private void info(HttpExchange exchange) throws IOException {
    Optional<Account> account = account(exchange);
    if (account.isEmpty()) {
      json(exchange, 401, Json.object());
      return;
    }
    json(
        exchange,
        200,
        Json.object()
            .put("sub", account.get().id())
            .put("email", account.get().email())
            .put("email_verified", account.get().verified()));
  }

  private static String challenge(@org.jspecify.annotations.Nullable String verifier) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.valueOf(verifier).getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
    send(exchange, status, "application/json", body.toString());
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    end.countDown();
    http.stop(0);
  }
}
