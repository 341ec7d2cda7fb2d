package dev.mainstay.agent.model;

import com.anthropic.backends.Backend;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.errors.AnthropicIoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The HTTP client under the SDK. It differs from the SDK's own in two things that each cost a call
 * more than all else: connections send at once (see {@link UndelayedSockets}), and the body that a
 * call has written itself, {@link #BODY}, goes in place of the one that the SDK would make by
 * turning every value of the conversation into objects of its own and back.
 *
 * <p>Calls run on the calling thread, end when it is interrupted, follow no redirects (one would
 * carry the conversation elsewhere) and are not made again by themselves.
 */
final class Transport implements HttpClient {

  /** The JSON that the calling thread's request carries. */
  static final ScopedValue<byte[]> BODY = ScopedValue.newInstance();

  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient client;
  private final Backend backend;

  Transport(Timeout timeout, Backend backend) {
    this.backend = backend;
    this.client =
        new OkHttpClient.Builder()
            .socketFactory(new UndelayedSockets())
            .connectTimeout(timeout.connect())
            .readTimeout(timeout.read())
            .writeTimeout(timeout.write())
            .callTimeout(timeout.request())
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .build();
  }

  @Override
  public HttpResponse execute(HttpRequest bare, RequestOptions options) {
    HttpRequest request = backend.authorizeRequest(backend.prepareRequest(bare));
    Request.Builder http = new Request.Builder().url(request.url());
    Headers headers = request.headers();
    for (String name : headers.names()) {
      headers.values(name).forEach(value -> http.addHeader(name, value));
    }
    http.method(request.method().name(), request.body().map(Transport::body).orElse(null));
    try {
      return backend.prepareResponse(new Answer(client.newCall(http.build()).execute()));
    } catch (IOException e) {
      throw new AnthropicIoException("The request failed", e);
    }
  }

  private static RequestBody body(HttpRequestBody fromSdk) {
    if (BODY.isBound()) {
      return RequestBody.create(BODY.get(), JSON);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    fromSdk.writeTo(bytes);
    return RequestBody.create(bytes.toByteArray(), JSON);
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    throw new UnsupportedOperationException("Calls are made on virtual threads");
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  private record Answer(Response response) implements HttpResponse {

    @Override
    public int statusCode() {
      return response.code();
    }

    @Override
    public Headers headers() {
      Headers.Builder headers = Headers.builder();
      response.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
      return headers.build();
    }

    @Override
    public InputStream body() {
      return response.body().byteStream();
    }

    @Override
    public void close() {
      response.close();
    }
  }
}
