package dev.mainstay.agent.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where this machine keeps its programs; the server's own PATH is not trusted with that. */
final class Host {
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Host() {}

  static Optional<Path> find(String program) {
    return List.of(PATH.split(":", -1)).stream()
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The program's path, or its bare name so that the error of the start names it. */
  static String program(String name) {
    return find(name).map(Path::toString).orElse(name);
  }
}
