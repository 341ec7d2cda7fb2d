package dev.mainstay.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve} with the worker role only. */
@Command(
    name = "worker",
    description = "Run tasks without serving the API",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {

  @Mixin private ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws InterruptedException {
    return ServeCommand.serve(options.settings(ServeCommand.workerOnly()));
  }
}
