package dev.mainstay.server;

import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certified OpenID provider as a process of its own: {@code src/test/oidc-provider}. */
final class OidcProviderServer implements AutoCloseable {
  static final String SECRET = "canary-oidc-secret-91bc";
  private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");
  private static final Pattern PROMPT = Pattern.compile("name=\"prompt\" value=\"(\\w+)\"");
  private static final int MAX_STEPS = 20;

  private final NodeServer node;

  private OidcProviderServer(NodeServer node) {
    this.node = node;
  }

  /**
   * @param accessSeconds how long access tokens are good
   */
  static OidcProviderServer start(int accessSeconds) throws IOException, InterruptedException {
    return new OidcProviderServer(
        NodeServer.start(
            Path.of("src/test/oidc-provider"),
            "provider.mjs",
            Map.of("CLIENT_SECRET", SECRET, "ACCESS_SECONDS", Integer.toString(accessSeconds))));
  }

  URI url() {
    return node.url();
  }

  /** The value of {@code MAINSTAY_OIDC_PROVIDERS}. */
  String setting() {
    return Json.MAPPER
        .createArrayNode()
        .add(
            Json.object()
                .put("id", "oidc")
                .put("name", "Example")
                .put("issuer", url().toString())
                .put("clientId", "client")
                .put("clientSecret", SECRET))
        .toString();
  }

  /** Somebody with a browser of their own gives a name, agrees, and is sent back. */
  URI visit(URI authorization, String name) throws IOException, InterruptedException {
    try (HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      HttpRequest request = HttpRequest.newBuilder(authorization).build();
      for (int i = 0; i < MAX_STEPS; i++) {
        HttpResponse<String> page = browser.send(request, HttpResponse.BodyHandlers.ofString());
        if (page.statusCode() == 200) {
          request = fill(page, name);
          continue;
        }
        URI next =
            page.uri()
                .resolve(
                    page.headers()
                        .firstValue("Location")
                        .orElseThrow(() -> new IOException(page.statusCode() + page.body())));
        if (next.getPath().startsWith("/api/auth/callback/")) {
          return next;
        }
        request = HttpRequest.newBuilder(next).build();
      }
    }
    throw new IOException("the provider's pages lead nowhere");
  }

  private static HttpRequest fill(HttpResponse<String> page, String name) throws IOException {
    String prompt = find(PROMPT, page.body());
    String fields =
        prompt.equals("login")
            ? "prompt=login&password=x&login=" + QuirkProvider.encode(name)
            : "prompt=" + prompt;
    return HttpRequest.newBuilder(page.uri().resolve(find(ACTION, page.body())))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(fields))
        .build();
  }

  private static String find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no form in " + text);
    }
    return matcher.group(1);
  }

  @Override
  public void close() {
    node.close();
  }
}
