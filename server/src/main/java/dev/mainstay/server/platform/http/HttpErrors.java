package dev.mainstay.server.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Problem;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers that Jetty gives itself, before any route is found, are problem documents as well. */
final class HttpErrors extends ErrorHandler {

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    // Jetty ends the connection after what it could not read; a client must not send more on it.
    response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(problem(code)), callback);
  }

  private static byte[] problem(int status) {
    String detail =
        switch (status) {
          case HttpStatus.URI_TOO_LONG_414 -> "The request's path is too long";
          case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
              "The request's headers may have " + HttpServer.MAX_HEADER_BYTES + " bytes at most";
          case HttpStatus.BAD_REQUEST_400 -> "The request's line, path or headers are not valid";
          case HttpStatus.REQUEST_TIMEOUT_408 -> "The request came too slowly";
          default -> "The request cannot be served";
        };
    try {
      return Json.MAPPER.writeValueAsBytes(
          new Problem("http-" + status, HttpStatus.getMessage(status), status, detail, List.of()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
