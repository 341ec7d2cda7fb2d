package dev.mainstay.server.platform.http;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;

/**
 * Who may say in {@code X-Forwarded-For} for whom they speak. From the right, each address was
 * written by the one after it; the first that is no trusted proxy is the client's, and whatever
 * stands before it is what the client likes to say.
 */
public final class TrustedProxies {
  private final List<Range> ranges;

  /** Addresses that share their first bits. */
  private record Range(InetAddress network, int bits) {
    static Range parse(String text) {
      String[] parts = text.split("/", 2);
      InetAddress network = InetAddress.ofLiteral(parts[0]);
      int most = network.getAddress().length * Byte.SIZE;
      int bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
      if (bits < 0 || bits > most) {
        throw new IllegalArgumentException(text);
      }
      return new Range(network, bits);
    }

    boolean contains(byte[] other) {
      byte[] address = network.getAddress();
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if (((other[bit / Byte.SIZE] ^ address[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * @param ranges addresses, or networks such as {@code 10.0.0.0/8}
   * @throws IllegalArgumentException if one is neither
   */
  public TrustedProxies(List<String> ranges) {
    this.ranges = ranges.stream().map(Range::parse).toList();
  }

  /** The address of who has made a request. */
  public String client(Context context) {
    String forwarded =
        String.join(",", Collections.list(context.req().getHeaders("X-Forwarded-For")));
    return client(context.req().getRemoteAddr(), forwarded);
  }

  /**
   * The address of who has made a request.
   *
   * @param peer the other end of the connection
   * @param forwarded the values of {@code X-Forwarded-For}, joined with commas
   */
  String client(String peer, String forwarded) {
    List<String> hops = List.of(forwarded.split(",", -1));
    String client = peer;
    for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      String hop = hops.get(i).strip();
      if (!isLiteral(hop)) {
        return client;
      }
      client = hop;
    }
    return client;
  }

  private boolean isTrusted(String address) {
    if (ranges.isEmpty() || !isLiteral(address)) {
      return false;
    }
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    return ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  private static boolean isLiteral(String text) {
    try {
      return !text.isEmpty() && InetAddress.ofLiteral(text).getAddress().length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
