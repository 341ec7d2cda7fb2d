package dev.mainstay.server.platform.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an endpoint answers. */
public sealed interface Answer {

  /** A header of an answer; there may be several of one name. */
  record Header(String name, String value) {
    static List<Header> add(List<Header> headers, String name, String value) {
      List<Header> all = new ArrayList<>(headers);
      all.add(new Header(name, value));
      return List.copyOf(all);
    }
  }

  /** JSON with a status and headers. */
  record Body(int status, Object value, List<Header> headers) implements Answer {

    /** The first of this name. */
    Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equals(name))
          .map(Header::value)
          .findFirst();
    }

    public Body header(String name, String value) {
      return new Body(status, this.value, Header.add(headers, name, value));
    }
  }

  /** Text of another type. */
  record Raw(int status, String contentType, String content) implements Answer {}

  /** Nothing: 204. */
  record Empty(List<Header> headers) implements Answer {

    public Empty header(String name, String value) {
      return new Empty(Header.add(headers, name, value));
    }
  }

  /** Another page: 302. */
  record Redirect(String location, List<Header> headers) implements Answer {

    public Redirect header(String name, String value) {
      return new Redirect(location, Header.add(headers, name, value));
    }
  }

  /**
   * A body that is written as it comes, for as long as both sides like; runs on the request's
   * thread.
   */
  record Stream(String contentType, Writer writer) implements Answer {}

  /** Writes a streamed body. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  static Body json(Object value) {
    return new Body(200, value, List.of());
  }

  static Body json(int status, Object value) {
    return new Body(status, value, List.of());
  }

  static Redirect redirect(String location) {
    return new Redirect(location, List.of());
  }

  static Empty none() {
    return new Empty(List.of());
  }
}
