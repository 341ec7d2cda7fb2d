package dev.mainstay.server.identity.social;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls providers: within ten seconds from the first byte to the last, with 256 KiB of an answer at
 * most, and following no redirect.
 */
final class Outbound implements HTTPRequestSender, ResourceRetriever, AutoCloseable {
  private static final int MAX_BYTES = 256 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ALL = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  /**
   * Calls a provider.
   *
   * @throws ProviderException if it cannot be reached in time, or says that it fails
   */
  HTTPResponse call(HTTPRequest request) {
    try {
      HTTPResponse response = request.send(this);
      int status = response.getStatusCode();
      if (status >= 500 || status == 429 || (status >= 300 && status < 400)) {
        throw ProviderException.unavailable("it answered " + status);
      }
      return response;
    } catch (IOException e) {
      // What it is may hold what the provider has said.
      throw ProviderException.unavailable(e.getClass().getSimpleName());
    }
  }

  @Override
  public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
    HttpRequest.Builder builder = builder(request.getURI());
    request
        .getHeaderMap()
        .forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
    String body = request.getBody();
    builder.method(
        request.getMethod().name(),
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<byte[]> answer = exchange(builder.build());
    HTTPResponse response = new HTTPResponse(answer.statusCode());
    answer
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> response.setHeader("Content-Type", type));
    response.setBody(text(answer));
    return response;
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    HttpResponse<byte[]> answer =
        exchange(builder(URI.create(url.toString())).header("Accept", "application/json").build());
    if (answer.statusCode() != HTTPResponse.SC_OK) {
      throw new IOException("it answered " + answer.statusCode());
    }
    return new Resource(
        text(answer), answer.headers().firstValue("Content-Type").orElse("application/json"));
  }

  private static HttpRequest.Builder builder(URI uri) throws IOException {
    if (!ProviderUrls.isSafe(uri)) {
      throw new IOException("only https:// is called");
    }
    return HttpRequest.newBuilder(uri).timeout(ALL).header("User-Agent", "Mainstay");
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      // The request's own time limit ends with the headers; a body may come byte by byte.
      return answer.get(ALL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer in time", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server stops");
    }
  }

  /** What a URL of another party's document must be before it is called. */
  static URI safe(URI uri) throws ParseException {
    if (!ProviderUrls.isSafe(uri)) {
      throw new ParseException("not an https:// URL");
    }
    return uri;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
