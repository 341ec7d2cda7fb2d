package dev.mainstay.server.cli;

import dev.mainstay.server.PlainNames;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets BullMQ's other clients share the queues of an instance that has older names. */
@Command(
    name = "plain-names",
    description = {
      "Give the queues in Redis of one organization the plain names that BullMQ's other clients know.",
      "The organization is that of MAINSTAY_QUEUE_ORGANIZATION, or the owner's. All servers and workers have to be stopped; if"
          + " this is interrupted, run it again."
    },
    mixinStandardHelpOptions = true)
final class PlainNamesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory (MAINSTAY_DATA); \"data\" if neither is given")
  private @Nullable String directory;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings =
        Settings.of(directory == null ? Map.of() : Map.of(Setting.DATA.variable(), directory));
    try {
      int renamed = PlainNames.use(settings);
      spec.commandLine().getOut().printf("Renamed %d queues%n", renamed);
      spec.commandLine().getOut().flush();
      return 0;
    } catch (IllegalStateException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }
}
