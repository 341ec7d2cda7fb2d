package dev.mainstay.server.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the version. */
@Command(name = "version", description = "Print the version")
final class VersionCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    System.out.println("mainstay " + version() + " on Java " + Runtime.version());
    return 0;
  }

  /** From the JAR's manifest; classes that run outside of one have none. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
