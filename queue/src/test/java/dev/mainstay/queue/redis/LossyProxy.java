package dev.mainstay.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a Redis server, and can end a connection in place of the answer to a request: what
 * was asked for is done, and nobody hears of it.
 */
final class LossyProxy implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final ServerSocket socket;
  private final int target;
  private final String text;
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicReference<@Nullable BooleanSupplier> losing = new AtomicReference<>();

  /**
   * @param target the port of the server
   * @param text what the requests contain whose answers get lost
   */
  LossyProxy(int target, String text) throws IOException {
    this.target = target;
    this.text = text;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String uri() {
    return "redis://127.0.0.1:" + socket.getLocalPort();
  }

  /** The first answer after which this is true gets lost. */
  void loseWhen(BooleanSupplier happened) {
    losing.set(happened);
  }

  int lost() {
    return lost.get();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        AtomicBoolean asked = new AtomicBoolean();
        Thread.ofVirtual().start(() -> forward(client, server, asked, true));
        Thread.ofVirtual().start(() -> forward(server, client, asked, false));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void forward(Socket from, Socket to, AtomicBoolean asked, boolean asking) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (asking) {
          String request = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
          if (request.contains(text)) {
            asked.set(true);
          }
        } else if (asked.getAndSet(false) && loses()) {
          return;
        }
        out.write(buffer, 0, length);
        out.flush();
      }
    } catch (IOException e) {
      // One of the two has closed it.
    }
  }

  private boolean loses() {
    BooleanSupplier happened = losing.get();
    if (happened == null || !happened.getAsBoolean() || !losing.compareAndSet(happened, null)) {
      return false;
    }
    lost.incrementAndGet();
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
