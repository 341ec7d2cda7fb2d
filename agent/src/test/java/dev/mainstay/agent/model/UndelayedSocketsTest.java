package dev.mainstay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

class UndelayedSocketsTest {

  @Test
  void everySocketSendsAtOnce() throws Exception {
    InetAddress local = InetAddress.getLoopbackAddress();
    SocketFactory factory = new UndelayedSockets();
    try (ServerSocket server = new ServerSocket(0, 10, local)) {
      int port = server.getLocalPort();
      String host = local.getHostAddress();
      for (Socket socket :
          List.of(
              factory.createSocket(),
              factory.createSocket(host, port),
              factory.createSocket(host, port, local, 0),
              factory.createSocket(local, port),
              factory.createSocket(local, port, local, 0))) {
        try (socket) {
          assertThat(socket.getTcpNoDelay()).isTrue();
        }
      }
    }
  }
}
