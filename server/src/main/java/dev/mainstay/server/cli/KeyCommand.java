package dev.mainstay.server.cli;

import dev.mainstay.server.platform.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** API keys from the shell, also while a server runs on the same data directory. */
@Command(
    name = "key",
    description = "Manage API keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create",
    subcommands = KeyCommand.Create.class)
final class KeyCommand implements Callable<Integer> {
  private static final int MAX_NAME = 100;

  @Override
  public Integer call() {
    throw new CommandFailedException("name what to do: key create");
  }

  /** Prints a new key, this once. */
  @Command(
      name = "create",
      description = "Print a new API key; only its hash is stored",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {

    @Mixin private ServerOptions options = new ServerOptions();

    @Option(names = "--name", required = true, description = "What the key is for")
    private String name = "";

    @Option(
        names = "--scopes",
        split = ",",
        description =
            "What it may do, all if absent: tasks:read,tasks:write,keys:manage,"
                + "queues:read,queues:write,queues:operate,instance:admin")
    private List<String> scopes = List.of();

    @Override
    public Integer call() {
      if (name.isBlank() || name.length() > MAX_NAME) {
        throw new CommandFailedException("--name must have 1 to " + MAX_NAME + " characters");
      }
      try (LocalData data = LocalData.open(options.settings(Map.of()))) {
        System.out.println(data.identity().createOwnerKey(name, scopes).key());
        return 0;
      } catch (ProblemException e) {
        throw new CommandFailedException(e.problem().detail());
      }
    }
  }
}
