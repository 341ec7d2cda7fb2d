package dev.mainstay.agent.model;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets with TCP_NODELAY. Without it the end of a request that takes several packets waits for
 * the acknowledgement of what was sent before (RFC 896), which the other side delays by some 40 ms
 * (RFC 1122, 4.2.3.2).
 */
final class UndelayedSockets extends SocketFactory {

  @Override
  public Socket createSocket() throws IOException {
    return undelayed(new Socket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return undelayed(new Socket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return undelayed(new Socket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress address, int port) throws IOException {
    return undelayed(new Socket(address, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
      throws IOException {
    return undelayed(new Socket(address, port, local, localPort));
  }

  private static Socket undelayed(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    return socket;
  }
}
