package dev.mainstay.server.platform.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The studio, as it was built into the JAR. Its pages have paths of their own, which all load it.
 *
 * <p>The files are read from the class path, not through the HTTP server's own file handler: that
 * one opens the JAR as a file system, whose index of every class stays in memory.
 */
public final class StudioFiles {
  private static final String FILES = "/studio/";
  private static final String PAGE = "index.html";

  /** Below these paths whatever is not a file is a page of the studio. */
  private static final List<String> PAGES =
      List.of(
          "/sign-in",
          "/sign-up",
          "/o",
          "/links",
          "/invitations",
          "/tasks",
          "/queues",
          "/keys",
          "/account",
          "/organization",
          "/admin",
          "/docs");

  private static final List<String> ROOT_FILES =
      List.of("favicon.svg", "theme.js", "picture.css", "picture.js");

  /**
   * Shows a picture of any host, in a frame of the studio. The pages themselves load images from
   * here alone: one in what a model wrote could carry what it has read to a foreign host.
   */
  private static final String PICTURE = "picture.html";

  private static final String PICTURE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src https: http:; "
          + "frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");

  /** The build puts a hash of the content into the names of the files below /assets. */
  private static final String HASHED = "public, max-age=31536000, immutable";

  private static final String CHANGING = "no-cache";

  private StudioFiles() {}

  /** Serves it, if it was built in: a server that is run from its classes alone has none. */
  public static void serve(JavalinConfig config) {
    if (StudioFiles.class.getResource(FILES + PAGE) == null) {
      return;
    }
    route(config, "/assets/{name}", context -> asset(context, context.pathParam("name")));
    for (String name : ROOT_FILES) {
      route(config, "/" + name, context -> send(context, name, CHANGING));
    }
    route(config, "/" + PICTURE, StudioFiles::picture);
    route(config, "/", StudioFiles::page);
    for (String path : PAGES) {
      route(config, path, StudioFiles::page);
      route(config, path + "/*", StudioFiles::page);
    }
  }

  private static void route(JavalinConfig config, String path, Handler handler) {
    config.routes.get(path, handler);
    config.routes.head(path, handler);
  }

  private static void page(Context context) {
    send(context, PAGE, CHANGING);
  }

  private static void picture(Context context) {
    context.header("Content-Security-Policy", PICTURE_POLICY);
    context.header("X-Frame-Options", "SAMEORIGIN");
    send(context, PICTURE, CHANGING);
  }

  private static void asset(Context context, String name) {
    if (!FILE_NAME.matcher(name).matches()) {
      throw new NotFoundResponse();
    }
    send(context, "assets/" + name, HASHED);
  }

  private static void send(Context context, String name, String caching) {
    byte[] content = read(name).orElseThrow(NotFoundResponse::new);
    context.header("Cache-Control", caching);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    context.contentType(TYPES.getOrDefault(extension, "application/octet-stream"));
    context.result(content);
  }

  private static Optional<byte[]> read(String name) {
    try (InputStream file = StudioFiles.class.getResourceAsStream(FILES + name)) {
      return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("The studio's file " + name + " cannot be read", e);
    }
  }
}
