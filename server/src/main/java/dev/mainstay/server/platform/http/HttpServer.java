package dev.mainstay.server.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Problem;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.ProcessEnd;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.StorageHealth;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.javalin.util.JavalinException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves endpoints: one place for authorization, validation, idempotency and problem documents. */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "same-origin",
          "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
          "Cross-Origin-Opener-Policy", "same-origin",
          // Answers are compressed for those who take it; a cache must not mix them up.
          "Vary", "Accept-Encoding",
          "Content-Security-Policy",
              "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                  + "connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");

  /** All headers of a request together. */
  static final int MAX_HEADER_BYTES = 16 * 1024;

  private static final String STRICT_TRANSPORT = "max-age=31536000";

  /** Of an upgrade to WebSocket, by which Javalin knows one (RFC 6455, 4.1). */
  private static final String UPGRADE_KEY = "Sec-WebSocket-Key";

  private static final byte[] NO_FIELDS = {'{', '}'};

  /** How long a stopping server waits for requests that are being answered. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private static final long AWAY_SECONDS = 2;

  private final Javalin javalin;
  private final Database database;
  private final StorageHealth health;
  private final RequestGuard guard;
  private final LiveAccess live;
  private final Idempotency idempotency;

  /**
   * @param live ends streams whose caller is not let in any more
   * @param secure true if people reach the server by https:// alone
   * @param requestTimeout how long a request may take to come
   * @param more routes that are no endpoints: WebSocket, static files
   */
  public HttpServer(
      Database database,
      StorageHealth health,
      RequestGuard guard,
      LiveAccess live,
      java.time.InstantSource clock,
      List<Endpoint<?>> endpoints,
      boolean secure,
      Duration requestTimeout,
      Consumer<JavalinConfig> more) {
    this.database = database;
    this.health = health;
    this.guard = guard;
    this.live = live;
    this.idempotency = new Idempotency(clock);
    this.javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.concurrency.useVirtualThreads = true;
              config.http.prefer405over404 = true;
              config.http.maxRequestSize = BodyReader.MAX_BODY_BYTES;
              config.http.generateEtags = false;
              config.jetty.modifyServletContextHandler(NoSessions::configure);
              config.router.javaLangErrorHandler(HttpServer::error);
              config.jetty.modifyServer(server -> server.setStopTimeout(STOP_TIMEOUT.toMillis()));
              HttpLimits.configure(config.jetty, requestTimeout);
              config.routes.before(context -> headers(context, secure));
              endpoints.forEach(endpoint -> route(config.routes, endpoint));
              errors(config.routes);
              more.accept(config);
              config.routes.after(HttpServer::lengthOfHead);
            });
  }

  /** Starts listening; the port is known when this returns. */
  public int start(String host, int port) {
    try {
      javalin.start(host, port);
    } catch (JavalinException e) {
      javalin.stop();
      throw new SettingException(
          "The server cannot listen on %s:%d (%s); choose another with --port or --host"
              .formatted(host, port, e.getMessage()));
    }
    return javalin.port();
  }

  /**
   * An answer to HEAD has the length of that to GET, or none (RFC 9110, 8.6). It has none, since a
   * GET may be compressed, or a stream; sent now, the container does not take it for an empty one.
   */
  private static void lengthOfHead(Context context) throws IOException {
    if (context.method().equals(HandlerType.HEAD)) {
      context.res().flushBuffer();
    }
  }

  private static void headers(Context context, boolean secure) {
    SECURITY_HEADERS.forEach(context::header);
    if (secure) {
      context.header("Strict-Transport-Security", STRICT_TRANSPORT);
    }
  }

  private <B> void route(JavalinDefaultRoutingApi routes, Endpoint<B> endpoint) {
    HandlerType type =
        switch (endpoint.method()) {
          case GET -> HandlerType.GET;
          case POST -> HandlerType.POST;
          case PUT -> HandlerType.PUT;
          case DELETE -> HandlerType.DELETE;
        };
    routes.addHttpHandler(type, endpoint.path(), context -> serve(endpoint, context));
    // What another site sends a browser to may be meant for one use.
    if (endpoint.method() == Endpoint.Method.GET && !endpoint.fromElsewhere()) {
      routes.addHttpHandler(HandlerType.HEAD, endpoint.path(), context -> serve(endpoint, context));
    }
  }

  private <B> void serve(Endpoint<B> endpoint, Context context) throws Exception {
    // A form of another site comes for nobody, and is only sent on.
    boolean foreignForm = endpoint.fromElsewhere() && endpoint.method() != Endpoint.Method.GET;
    Principal principal = foreignForm ? null : guard.admit(context, endpoint.permission());
    if (principal != null && endpoint.stepUp() == Endpoint.StepUp.FRESH_SESSION) {
      guard.requireFresh(principal);
    }
    if (principal != null && endpoint.permission().isOfOrganization()) {
      principal
          .tenant()
          .<@Nullable Void, Exception>call(
              () -> {
                serve(endpoint, context, principal);
                return null;
              });
    } else {
      serve(endpoint, context, principal);
    }
  }

  private <B> void serve(Endpoint<B> endpoint, Context context, @Nullable Principal principal)
      throws Exception {
    checkParameters(endpoint, context);
    boolean noBody = endpoint.method() == Endpoint.Method.GET || endpoint.fromElsewhere();
    byte[] bytes = noBody ? new byte[0] : BodyReader.bytes(context);
    if (bytes.length > 0 && endpoint.permission().isForBrowsers()) {
      BodyReader.requireJson(context);
    }
    B body = body(endpoint, bytes);
    Call<B> call = new Call<>(context, principal, body);
    if (!endpoint.creates()) {
      answer(context, principal, endpoint.handler().handle(call, null));
      return;
    }
    Optional<String> key = idempotencyKey(context);
    answer(context, principal, database.write(tx -> create(endpoint, call, bytes, key, tx)));
  }

  private <B> Answer create(
      Endpoint<B> endpoint,
      Call<B> call,
      byte[] bytes,
      Optional<String> key,
      dev.mainstay.server.platform.Tx tx) {
    java.util.function.Supplier<Answer.Body> work =
        () -> {
          try {
            return (Answer.Body) endpoint.handler().handle(call, tx);
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    return key.map(
            text ->
                idempotency.once(
                    tx,
                    new Idempotency.Request(
                        call.principal().organizationId(),
                        endpoint.method() + " " + call.path(),
                        text,
                        Ids.hash(bytes)),
                    work))
        .orElseGet(work);
  }

  private static Optional<String> idempotencyKey(Context context) {
    String key = context.header("Idempotency-Key");
    if (key == null) {
      return Optional.empty();
    }
    if (key.isBlank() || key.length() > Idempotency.MAX_KEY_LENGTH) {
      throw ProblemException.badRequest(
          "Idempotency-Key", "must have 1 to " + Idempotency.MAX_KEY_LENGTH + " characters");
    }
    return Optional.of(key);
  }

  private static <B> B body(Endpoint<B> endpoint, byte[] bytes) {
    if (endpoint.body() != Endpoint.None.class) {
      boolean absent = bytes.length == 0 && !endpoint.bodyRequired();
      return BodyReader.parse(absent ? NO_FIELDS : bytes, endpoint.body());
    }
    if (bytes.length > 0) {
      BodyReader.parse(bytes, Endpoint.None.class);
    }
    return endpoint.body().cast(Endpoint.None.NONE);
  }

  private static void checkParameters(Endpoint<?> endpoint, Context context) {
    for (String name : context.queryParamMap().keySet()) {
      boolean organization =
          endpoint.permission().isOfOrganization() && name.equals(RequestOrganization.QUERY);
      if (!endpoint.fromElsewhere()
          && !organization
          && endpoint.queries().stream().noneMatch(query -> query.name().equals(name))) {
        throw ProblemException.badRequest(name, "is not known");
      }
    }
    context.pathParamMap().forEach(Nul::refuse);
    context.queryParamMap().forEach((name, values) -> values.forEach(one -> Nul.refuse(name, one)));
  }

  private void answer(Context context, @Nullable Principal principal, Answer answer)
      throws IOException, InterruptedException {
    switch (answer) {
      case Answer.Body body -> {
        body.headers().forEach(header -> add(context, header));
        context.header("Cache-Control", "no-store");
        json(context, body.status(), "application/json", body.value());
      }
      case Answer.Raw raw -> {
        context.header("Cache-Control", "no-store");
        context.status(raw.status()).contentType(raw.contentType()).result(raw.content());
      }
      case Answer.Empty empty -> {
        empty.headers().forEach(header -> add(context, header));
        context.status(204);
      }
      case Answer.Redirect redirect -> {
        redirect.headers().forEach(header -> add(context, header));
        context.header("Cache-Control", "no-store");
        context.header("Location", redirect.location());
        context.status(302);
      }
      case Answer.Stream stream -> stream(context, principal, stream);
    }
  }

  private static void add(Context context, Answer.Header header) {
    context.res().addHeader(header.name(), header.value());
  }

  /** Runs on the request's own virtual thread: a slow reader blocks nobody else. */
  private void stream(Context context, @Nullable Principal principal, Answer.Stream stream)
      throws InterruptedException {
    if (context.method().equals(HandlerType.HEAD)) {
      context.status(200).contentType(stream.contentType());
      return;
    }
    try (OpenStreams.Place place = live.streams().take(principal)) {
      follow(context, principal, stream);
    }
  }

  private void follow(Context context, @Nullable Principal principal, Answer.Stream stream)
      throws InterruptedException {
    context.disableCompression();
    context.status(200).contentType(stream.contentType());
    context.header("Cache-Control", "no-store");
    context.header("X-Accel-Buffering", "no");
    if (principal == null) {
      write(context, stream);
      return;
    }
    LiveAccess.Held held = live.hold(principal, Thread.currentThread()::interrupt);
    try (held) {
      write(context, stream);
    } catch (InterruptedException | RuntimeException e) {
      if (!held.ended()) {
        throw e;
      }
      log.debug("A stream's caller is not let in any more", e);
    }
    if (held.ended()) {
      // The thread has an answer to end, which the interrupt was not meant for.
      boolean unused = Thread.interrupted();
    }
  }

  private static void write(Context context, Answer.Stream stream) throws InterruptedException {
    try {
      context.res().flushBuffer();
      OutputStream out = context.res().getOutputStream();
      stream.writer().write(out);
      out.flush();
    } catch (IOException e) {
      log.debug("A stream's reader went away", e);
    }
  }

  private static void json(Context context, int status, String type, Object value) {
    byte[] bytes;
    try {
      bytes = Json.MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The answer cannot be written as JSON", e);
    }
    context.status(status).contentType(type);
    if (context.header(UPGRADE_KEY) == null) {
      context.result(bytes);
    } else {
      refuseUpgrade(context, bytes);
    }
  }

  /** Javalin does not send the result of an upgrade that is refused. */
  private static void refuseUpgrade(Context context, byte[] bytes) {
    try {
      context.res().getOutputStream().write(bytes);
    } catch (IOException e) {
      log.debug("The client went away", e);
    }
  }

  private void errors(JavalinDefaultRoutingApi routes) {
    routes.exception(ProblemException.class, (e, context) -> problem(context, e.problem()));
    routes.exception(
        HttpResponseException.class,
        (e, context) -> {
          if (e instanceof MethodNotAllowedResponse) {
            context.header("Allow", allowed(e));
          }
          problem(
              context,
              new Problem(
                  "http-" + e.getStatus(),
                  Optional.ofNullable(e.getMessage()).orElse("Error"),
                  e.getStatus(),
                  detail(e.getStatus(), context),
                  List.of()));
        });
    routes.exception(
        UnsupportedFeatureException.class,
        (e, context) ->
            problem(
                context,
                new Problem(
                    "unsupported",
                    "Not supported",
                    501,
                    e.feature() + " are not supported by the engine of this server's queues",
                    List.of())));
    routes.exception(EofException.class, (e, context) -> log.debug("The client went away", e));
    routes.exception(Exception.class, this::failed);
  }

  private void failed(Exception failure, Context context) {
    if (!Databases.isAway(failure)) {
      internal(context, failure);
      return;
    }
    health.refused(failure);
    problem(
        context,
        new Problem(
            "storage-away",
            "Storage away",
            503,
            "The server's store does not answer or takes nothing now; try again in a moment",
            List.of(),
            AWAY_SECONDS));
  }

  /** What Javalin hands over is no exception, such as a failed assertion or a stack overflow. */
  private static void error(HttpServletResponse response, Error failure) {
    ProcessEnd.ifFatal(failure);
    String incident = UUID.randomUUID().toString();
    log.error("A request failed, incident {}", incident, failure);
    try {
      byte[] body = Json.MAPPER.writeValueAsBytes(internal(incident));
      response.setStatus(500);
      response.setContentType("application/problem+json");
      response.getOutputStream().write(body);
    } catch (IOException | IllegalStateException e) {
      log.debug("The answer cannot be written any more", e);
    }
  }

  private static void internal(Context context, Exception failure) {
    ProcessEnd.ifFatal(failure);
    String incident = UUID.randomUUID().toString();
    log.error("{} {} failed, incident {}", context.method(), context.path(), incident, failure);
    problem(context, internal(incident));
  }

  private static Problem internal(String incident) {
    return new Problem(
        "internal",
        "Internal error",
        500,
        "The server failed; its log has the reason under incident " + incident,
        List.of());
  }

  /** The methods that the path takes; Javalin knows them under a name with other text around. */
  private static String allowed(HttpResponseException failure) {
    return failure.getDetails().values().stream()
        .flatMap(text -> Arrays.stream(text.split("[^A-Z]+", -1)))
        .filter(word -> !word.isEmpty())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String detail(int status, Context context) {
    return switch (status) {
      case 404 -> "There is nothing at " + context.path();
      case 405 -> context.path() + " does not take " + context.method();
      case 413 -> "A body may have " + BodyReader.MAX_BODY_BYTES + " bytes at most";
      default -> "The request cannot be served";
    };
  }

  private static void problem(Context context, Problem problem) {
    if (problem.status() == 401) {
      context.header("WWW-Authenticate", "Bearer");
    }
    if (problem.retryAfter() != null) {
      context.header("Retry-After", problem.retryAfter().toString());
    }
    context.header("Cache-Control", "no-store");
    json(context, problem.status(), "application/problem+json", problem);
  }

  /** Removes answers that were kept long enough for their {@code Idempotency-Key}. */
  public void pruneAnswers() {
    database.execute(idempotency::prune);
  }

  /** Loads what the first request would have to wait for. */
  public static void warm() {
    BodyReader.warm();
  }

  /** Requests that are not answered in time are cut off; what else has to stop must not wait. */
  @Override
  public void close() {
    try {
      javalin.stop();
    } catch (JavalinException e) {
      log.warn("Some requests were not answered in time, and were cut off", e);
    }
  }

  /** Who may make a request. */
  public interface RequestGuard {
    /**
     * @return null only for {@link Permission#PUBLIC}
     * @throws ProblemException 401 or 403
     */
    @Nullable Principal admit(Context context, Permission permission);

    /**
     * Step-up: refuses a session whose user has not signed in lately. A program's key has no
     * session, and passes.
     *
     * @throws ProblemException 403
     */
    void requireFresh(Principal principal);
  }
}
