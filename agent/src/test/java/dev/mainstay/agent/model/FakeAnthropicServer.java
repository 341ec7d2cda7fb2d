package dev.mainstay.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks HTTP/1.1 and server-sent events on a real socket, and ends its answers in
 * all the ways that the Messages API's do. Answers come from a queue first, then from a function of
 * the request, which can be stateless and so survive a restart of its client.
 */
public final class FakeAnthropicServer implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Answer> queue = new ConcurrentLinkedQueue<>();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Function<Received, Answer> otherwise =
      request -> new Status(500, Map.of(), "{}");

  /** How an event stream ends. */
  public enum Ending {
    /** As it should: all events, then the end of the body; the connection stays. */
    OK,
    /** The body ends in good order after the events that were to be sent, whichever those are. */
    CLEAN_END,
    /** The connection is reset. */
    RESET,
    /** The connection is closed within a chunk. */
    FIN_MID_CHUNK,
    /** The last event stops in the middle of its JSON, then the body ends. */
    HALF_JSON,
    /** An {@code error} event of type {@code overloaded_error}. */
    ERROR_EVENT,
    /** Nothing more comes, and the connection stays open. */
    STALL
  }

  /** What the server answers. */
  public sealed interface Answer {}

  /**
   * An event stream.
   *
   * @param events SSE frames without their blank lines, see {@link FakeMessage#events}
   * @param cutAfter how many of them are sent if the ending is not OK
   * @param gap waited before each event
   */
  public record Stream(List<String> events, Ending ending, int cutAfter, Duration gap)
      implements Answer {}

  /** Any other answer; the body is JSON. */
  public record Status(int code, Map<String, String> headers, String body) implements Answer {}

  /**
   * A request as it came.
   *
   * @param headers by lower-case name
   */
  public record Received(String path, Map<String, String> headers, JsonNode body) {}

  private FakeAnthropicServer(ServerSocket socket) {
    this.socket = socket;
  }

  public static FakeAnthropicServer start() {
    try {
      FakeAnthropicServer server =
          new FakeAnthropicServer(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().name("fake-anthropic").start(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code ANTHROPIC_BASE_URL} would be. */
  public String url() {
    return "http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  public FakeAnthropicServer then(Answer answer) {
    queue.add(answer);
    return this;
  }

  public FakeAnthropicServer then(FakeMessage message) {
    return then(ok(message));
  }

  public FakeAnthropicServer otherwise(Function<Received, Answer> answers) {
    otherwise = answers;
    return this;
  }

  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /** For long tests, which would otherwise hold every request they ever made. */
  public void forgetRequests() {
    requests.clear();
  }

  public static Stream ok(FakeMessage message) {
    return new Stream(message.events(), Ending.OK, Integer.MAX_VALUE, Duration.ZERO);
  }

  public static Stream cut(FakeMessage message, Ending ending, int after) {
    return new Stream(message.events(), ending, after, Duration.ZERO);
  }

  public static Status error(int code, String type, String message) {
    String body =
        MAPPER
            .createObjectNode()
            .put("type", "error")
            .set("error", MAPPER.createObjectNode().put("type", type).put("message", message))
            .toString();
    return new Status(code, Map.of(), body);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
      for (Socket connection : open) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        // As real servers do: otherwise the small writes of a stream wait for acknowledgements.
        connection.setTcpNoDelay(true);
        open.add(connection);
        Thread.ofVirtual().name("fake-anthropic-connection").start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      while (true) {
        Received received = read(in);
        if (received == null) {
          return;
        }
        requests.add(received);
        Answer queued = queue.poll();
        Answer answer = queued != null ? queued : otherwise.apply(received);
        if (!answer(connection, answer)) {
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The client is gone, or the test is over.
    } finally {
      open.remove(connection);
    }
  }

  private static @Nullable Received read(InputStream in) throws IOException {
    String start = line(in);
    if (start.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (!headers.containsKey("content-length")) {
      return received(start, headers, chunks(in));
    }
    int length = Integer.parseInt(headers.get("content-length"));
    byte[] body = in.readNBytes(length);
    // A client that was killed while it sent its request has not made one.
    return body.length == length ? received(start, headers, body) : null;
  }

  private static Received received(String start, Map<String, String> headers, byte[] body)
      throws IOException {
    return new Received(start.split(" ", -1)[1], headers, MAPPER.readTree(body));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = hex(line(in)); size > 0; size = hex(line(in))) {
      body.write(in.readNBytes(size));
      line(in);
    }
    line(in);
    return body.toByteArray();
  }

  private static int hex(String line) {
    return Integer.parseInt(line.strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Returns whether the connection may serve another request. */
  private boolean answer(Socket connection, Answer answer)
      throws IOException, InterruptedException {
    OutputStream out = connection.getOutputStream();
    switch (answer) {
      case Status status -> {
        byte[] body = status.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status.code() + " Status\r\n");
        status.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
        head.append("content-type: application/json\r\ncontent-length: ").append(body.length);
        write(out, head + "\r\n\r\n");
        out.write(body);
        out.flush();
        return true;
      }
      case Stream stream -> {
        write(
            out,
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "content-type: text/event-stream; charset=utf-8",
                "transfer-encoding: chunked",
                "",
                ""));
        return stream(connection, out, stream);
      }
    }
  }

  private boolean stream(Socket connection, OutputStream out, Stream stream)
      throws IOException, InterruptedException {
    List<String> events = stream.events();
    int count =
        stream.ending() == Ending.OK ? events.size() : Math.min(events.size(), stream.cutAfter());
    for (String event : events.subList(0, count)) {
      if (stream.gap().isPositive() && closed.await(stream.gap().toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      chunk(out, event + "\n\n");
    }
    switch (stream.ending()) {
      case OK, CLEAN_END -> write(out, "0\r\n\r\n");
      case RESET -> {
        connection.setSoLinger(true, 0);
        connection.close();
      }
      case FIN_MID_CHUNK -> write(out, "ff\r\nevent: content_block");
      case HALF_JSON -> {
        chunk(out, "event: content_block_delta\ndata: {\"type\":\"content_blo\n\n");
        write(out, "0\r\n\r\n");
      }
      case ERROR_EVENT -> {
        chunk(
            out,
            "event: error\ndata: " + error(529, "overloaded_error", "Overloaded").body() + "\n\n");
        write(out, "0\r\n\r\n");
      }
      case STALL -> closed.await();
    }
    return stream.ending() == Ending.OK || stream.ending() == Ending.CLEAN_END;
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(out, Integer.toHexString(bytes.length) + "\r\n");
    out.write(bytes);
    write(out, "\r\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
