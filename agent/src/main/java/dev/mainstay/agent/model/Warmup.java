package dev.mainstay.agent.model;

import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays one answer to one call on the loopback interface. */
final class Warmup {
  private static final Logger log = LoggerFactory.getLogger(Warmup.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String ANSWER =
      """
      HTTP/1.1 200 OK
      content-type: text/event-stream
      connection: close

      data: {"type":"message_start","message":{"model":"warm","usage":{"input_tokens":1}}}

      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"warm"}}

      data: {"type":"content_block_stop","index":0}

      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}

      data: {"type":"message_stop"}

      """;

  private Warmup() {}

  static void run(AnthropicSettings settings) {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) TIMEOUT.toMillis());
      Thread.ofVirtual().name("model-warmup").start(() -> answer(server));
      String url =
          "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
      AnthropicSettings local =
          new AnthropicSettings(
              "warm", Optional.of(url), TIMEOUT, TIMEOUT, TIMEOUT, settings.thinking());
      try (AnthropicModel model = new AnthropicModel(local)) {
        Message hello = new Message("", Message.Role.USER, List.of(Json.MAPPER.createObjectNode()));
        hello.content().getFirst().put("type", "text").put("text", "hello");
        ModelClient.Reply reply =
            model.call(
                new ModelClient.Request("warm", "", List.of(hello), List.of(), 2048),
                LiveListener.NONE);
        log.debug("Warm: {}", reply.stopReason());
      }
    } catch (IOException | ModelException | RuntimeException e) {
      log.debug("Could not warm the model client", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      // One read is enough: the request is small, and what is left of it is not of interest.
      InputStream in = socket.getInputStream();
      byte[] request = new byte[16 * 1024];
      int read = in.read(request);
      log.trace("Warm-up request of {} bytes", read);
      socket.getOutputStream().write(ANSWER.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      // Closing with unread input would reset the connection under the reader.
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      log.debug("Could not answer the warm-up call", e);
    }
  }
}
