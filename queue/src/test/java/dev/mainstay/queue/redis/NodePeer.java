package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Node process with the real BullMQ on a queue. */
public final class NodePeer implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 30;
  private static final String END = "";

  /** From any module. */
  private static final String SCRIPT = "../queue/src/test/node/peer.mjs";

  private final Process process;
  private final BufferedWriter input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private NodePeer(int port, String prefix, String queue) throws IOException {
    process =
        new ProcessBuilder("node", SCRIPT, Integer.toString(port), prefix, queue)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread.ofVirtual().start(this::read);
  }

  /** On a queue of the server that tests share. */
  static NodePeer start(String prefix, String queue) throws IOException {
    return start(RedisServerProcess.shared(), prefix, queue);
  }

  public static NodePeer start(RedisServerProcess redis, String prefix, String queue)
      throws IOException {
    NodePeer peer = new NodePeer(redis.port(), prefix, queue);
    assertThat(peer.answer()).isEqualTo("ready");
    return peer;
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException e) {
      // The process has ended.
    }
    lines.add(END);
  }

  /**
   * Runs the body of an async function; {@code queue}, {@code bullmq} and so on are there, see
   * {@code peer.mjs}.
   *
   * @return what it returns, as {@link Json} reads it
   */
  public @Nullable Object run(String code) throws IOException {
    input.write(Json.write(code));
    input.newLine();
    input.flush();
    return answer();
  }

  private @Nullable Object answer() {
    String line;
    try {
      line = lines.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertThat(line).as("Node answers").isNotNull().isNotEmpty();
    Map<String, @Nullable Object> answer = Json.readObject(line);
    assertThat(answer.get("error")).as("error in Node").isNull();
    return answer.get("value");
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
