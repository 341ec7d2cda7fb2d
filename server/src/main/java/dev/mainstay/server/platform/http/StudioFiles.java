package dev.mainstay.server.platform.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.util.List;
import java.util.Map;

/**
 * The studio, as it was built into the JAR. Its pages have paths of their own, which all load it.
 */
public final class StudioFiles {
  private static final String FILES = "/studio";
  private static final String PAGE = FILES + "/index.html";

  /** Below these paths whatever is not a file is a page of the studio. */
  private static final List<String> PAGES = List.of("/sign-in", "/tasks", "/keys", "/docs");

  private StudioFiles() {}

  /** Serves it, if it was built in: a server that is run from its classes alone has none. */
  public static void serve(JavalinConfig config) {
    if (StudioFiles.class.getResource(PAGE) == null) {
      return;
    }
    // The build puts a hash of the content into these files' names.
    add(config, "/assets", FILES + "/assets", "public, max-age=31536000, immutable");
    add(config, "/", FILES, "no-cache");
    for (String path : PAGES) {
      config.spaRoot.addFile(path, PAGE, Location.CLASSPATH);
    }
  }

  private static void add(JavalinConfig config, String path, String directory, String caching) {
    config.staticFiles.add(
        files -> {
          files.hostedPath = path;
          files.directory = directory;
          files.location = Location.CLASSPATH;
          files.headers = Map.of("Cache-Control", caching);
        });
  }
}
