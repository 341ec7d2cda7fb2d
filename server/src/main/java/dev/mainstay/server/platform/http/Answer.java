package dev.mainstay.server.platform.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What an endpoint answers. */
public sealed interface Answer {

  /** JSON with a status and headers. */
  record Body(int status, Object value, Map<String, String> headers) implements Answer {

    public Body header(String name, String value) {
      Map<String, String> all = new java.util.LinkedHashMap<>(headers);
      all.put(name, value);
      return new Body(status, this.value, all);
    }
  }

  /** Text of another type. */
  record Raw(int status, String contentType, String content) implements Answer {}

  /** Nothing: 204. */
  record Empty(Map<String, String> headers) implements Answer {}

  /** Another page: 302. */
  record Redirect(String location, Map<String, String> headers) implements Answer {}

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
    return new Body(200, value, Map.of());
  }

  static Body json(int status, Object value) {
    return new Body(status, value, Map.of());
  }

  static Redirect redirect(String location) {
    return new Redirect(location, Map.of());
  }

  static Empty none() {
    return new Empty(Map.of());
  }
}
