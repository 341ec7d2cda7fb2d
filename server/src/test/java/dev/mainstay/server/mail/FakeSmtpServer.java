package dev.mainstay.server.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server that refuses what it is told to, as real ones do: repeating what it was sent. */
final class FakeSmtpServer implements AutoCloseable {
  private final ServerSocket socket;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final Map<String, String> replies = new ConcurrentHashMap<>();

  FakeSmtpServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("fake-smtp").start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /**
   * Answers a command so; {@code .} is the end of a mail's content.
   *
   * @param reply what stands for {@code %s} is what was sent; empty to hang up
   */
  FakeSmtpServer reply(String command, String reply) {
    replies.put(command, reply);
    return this;
  }

  /** The first words of all that it was told. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().name("fake-smtp").start(() -> converse(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void converse(Socket connection) {
    try (connection;
        OutputStream out = connection.getOutputStream();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      String reply = "220 fake";
      while (!reply.isEmpty()) {
        out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        String line = in.readLine();
        if (line == null) {
          return;
        }
        reply = reply(line);
        if (line.equals("DATA") && reply.startsWith("354")) {
          out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
          reply = answer(".", content(in), "250 taken");
        }
      }
    } catch (IOException e) {
      // The other side has hung up.
    }
  }

  private static String content(BufferedReader in) throws IOException {
    StringBuilder content = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      content.append(line).append(' ');
    }
    return content.toString();
  }

  private String reply(String line) {
    String command = line.replaceFirst("[ :].*", "").toUpperCase(Locale.ROOT);
    return answer(
        command,
        line,
        switch (command) {
          case "EHLO" -> "250-fake\r\n250 AUTH PLAIN";
          case "DATA" -> "354 go on";
          case "QUIT" -> "221 bye";
          case "AUTH" -> "235 welcome";
          default -> "250 ok";
        });
  }

  private String answer(String command, String sent, String otherwise) {
    commands.add(command);
    return replies.getOrDefault(command, otherwise).replace("%s", sent);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
