package dev.mainstay.agent.git;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves the bare repositories below a directory over git's smart HTTP, by git's own {@code
 * http-backend} as a CGI program, and misbehaves when told to. Needs git's {@code http-backend},
 * which Debian has in its package {@code git}.
 */
public final class GitHttpServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Path directory;
  private final Path backend;
  private final List<Seen> requests = new CopyOnWriteArrayList<>();
  private volatile Optional<String> authorization = Optional.empty();
  private volatile Interceptor interceptor = exchange -> Answer.serve();

  /** A request as it came. */
  public record Seen(String method, String uri, Optional<String> authorization) {}

  /** Decides what a request gets. */
  @FunctionalInterface
  public interface Interceptor {
    Answer answer(Seen request);
  }

  /** What a request gets. */
  public sealed interface Answer {
    /** The repository. */
    record Serve() implements Answer {}

    /** Nothing but a status. */
    record Status(int code) implements Answer {}

    /** Another address: this plus the request's path and query. */
    record Redirect(String base) implements Answer {}

    /** The repository's answer, broken off after so many bytes. */
    record Cut(int afterBytes) implements Answer {}

    static Answer serve() {
      return new Serve();
    }
  }

  private GitHttpServer(Path directory) throws IOException {
    this.directory = directory;
    this.backend = Path.of(run(directory, "git", "--exec-path").strip(), "git-http-backend");
    if (!Files.isExecutable(backend)) {
      throw new IllegalStateException(backend + " is missing; it belongs to git");
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * @param directory of bare repositories
   */
  public static GitHttpServer start(Path directory) {
    try {
      return new GitHttpServer(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on, only with these credentials. */
  public GitHttpServer require(String user, String password) {
    String plain = user + ":" + password;
    authorization =
        Optional.of(
            "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  public GitHttpServer intercept(Interceptor newInterceptor) {
    interceptor = newInterceptor;
    return this;
  }

  /** {@code host:port}, for a policy's list of allowed hosts. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public String url(String repository) {
    return "http://" + host() + "/" + repository;
  }

  public List<Seen> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Seen seen =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
      requests.add(seen);
      switch (interceptor.answer(seen)) {
        case Answer.Status status -> exchange.sendResponseHeaders(status.code(), -1);
        case Answer.Redirect redirect -> {
          exchange.getResponseHeaders().set("Location", redirect.base() + seen.uri());
          exchange.sendResponseHeaders(302, -1);
        }
        case Answer.Cut cut -> serve(exchange, seen, cut.afterBytes());
        case Answer.Serve serve -> serve(exchange, seen, Integer.MAX_VALUE);
      }
    }
  }

  private void serve(HttpExchange exchange, Seen seen, int maxBytes) throws IOException {
    if (authorization.isPresent() && !authorization.equals(seen.authorization())) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
      exchange.sendResponseHeaders(401, -1);
      return;
    }
    ProcessBuilder builder = new ProcessBuilder(backend.toString());
    builder.environment().putAll(environment(exchange));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      Thread body = Thread.ofVirtual().start(() -> copyBody(exchange, process));
      InputStream output = process.getInputStream();
      int status = 200;
      for (String line = readLine(output); !line.isEmpty(); line = readLine(output)) {
        int colon = line.indexOf(':');
        String value = line.substring(colon + 1).strip();
        if (line.regionMatches(true, 0, "Status:", 0, 7)) {
          status = Integer.parseInt(value.substring(0, 3));
        } else {
          exchange.getResponseHeaders().set(line.substring(0, colon), value);
        }
      }
      // A promise of more than is sent makes the end an abrupt one.
      boolean cut = maxBytes != Integer.MAX_VALUE;
      exchange.sendResponseHeaders(status, cut ? maxBytes + 1_000_000L : 0);
      byte[] buffer = new byte[8192];
      int left = maxBytes;
      OutputStream response = exchange.getResponseBody();
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        response.write(buffer, 0, Math.min(n, left));
        left -= Math.min(n, left);
        if (left == 0) {
          response.flush();
          throw new IOException("cut");
        }
      }
      response.close();
      body.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Map<String, String> environment(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    Headers headers = exchange.getRequestHeaders();
    Map<String, String> env = new java.util.HashMap<>();
    env.put("GIT_PROJECT_ROOT", directory.toString());
    env.put("GIT_HTTP_EXPORT_ALL", "1");
    env.put("GIT_CONFIG_COUNT", "2");
    env.put("GIT_CONFIG_KEY_0", "http.receivepack");
    env.put("GIT_CONFIG_VALUE_0", "true");
    env.put("GIT_CONFIG_KEY_1", "safe.directory");
    env.put("GIT_CONFIG_VALUE_1", "*");
    env.put("REQUEST_METHOD", exchange.getRequestMethod());
    env.put("PATH_INFO", uri.getPath());
    env.put("QUERY_STRING", Optional.ofNullable(uri.getRawQuery()).orElse(""));
    env.put("REMOTE_USER", "somebody");
    env.put("REMOTE_ADDR", "127.0.0.1");
    env.put("SERVER_PROTOCOL", "HTTP/1.1");
    env.put("GATEWAY_INTERFACE", "CGI/1.1");
    for (Map.Entry<String, String> entry :
        Map.of(
                "Content-Type", "CONTENT_TYPE",
                "Content-Length", "CONTENT_LENGTH",
                "Content-Encoding", "HTTP_CONTENT_ENCODING",
                "Git-Protocol", "GIT_PROTOCOL")
            .entrySet()) {
      Optional.ofNullable(headers.getFirst(entry.getKey()))
          .ifPresent(value -> env.put(entry.getValue(), value));
    }
    return env;
  }

  private static void copyBody(HttpExchange exchange, Process process) {
    try (OutputStream input = process.getOutputStream()) {
      exchange.getRequestBody().transferTo(input);
    } catch (IOException e) {
      // The backend stopped reading; its answer says why.
    }
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  /** Runs a command that must succeed, and gives its output. */
  static String run(Path directory, String... command) {
    try {
      List<String> all = new ArrayList<>(List.of(command));
      ProcessBuilder builder = new ProcessBuilder(all).directory(directory.toFile());
      builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
      builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
      builder.redirectErrorStream(true);
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", all) + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
