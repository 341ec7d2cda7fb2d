package dev.mainstay.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** One connection on which a test sends bytes as they are, right or wrong. */
final class RawHttp implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Socket socket;

  RawHttp(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) DEADLINE.toMillis());
  }

  /** A request's lines, without the empty one that ends them. */
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** What was answered, status line and headers first. */
  record Received(String head, String body) {
    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }

    Optional<String> header(String name) {
      return head.lines()
          .filter(
              line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }
  }

  /** Reads a head alone, up to its empty line. */
  Received head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    return new Received(head.toString(StandardCharsets.ISO_8859_1), "");
  }

  /** Reads until the server closes the connection, or has sent what it said it would. */
  Received receive() throws IOException {
    Received head = head();
    if (head.head().isEmpty()) {
      throw new IOException("closed without an answer");
    }
    int length = head.header("Content-Length").map(Integer::parseInt).orElse(-1);
    byte[] body =
        length >= 0
            ? socket.getInputStream().readNBytes(length)
            : socket.getInputStream().readAllBytes();
    return new Received(head.head(), new String(body, StandardCharsets.UTF_8));
  }

  /** True if the server has nothing more to say within a moment and keeps the connection. */
  boolean silent(Duration moment) throws IOException {
    socket.setSoTimeout((int) moment.toMillis());
    try {
      return socket.getInputStream().read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout((int) DEADLINE.toMillis());
    }
  }

  /** Waits until the server has closed the connection. */
  void awaitClosed() throws IOException {
    try {
      byte[] unused = socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      // Reset: closed as well.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
