package dev.mainstay.server.cli;

import dev.mainstay.server.platform.ServerConfig;
import dev.mainstay.server.platform.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The owner of the instance, from the machine it runs on, also while a server runs. */
@Command(
    name = "owner",
    description = "Let the instance's owner in",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create|reset",
    subcommands = {OwnerCommand.Create.class, OwnerCommand.Reset.class})
final class OwnerCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new CommandFailedException("name what to do: owner create, or owner reset");
  }

  /** What ends with a link. */
  abstract static class Act implements Callable<Integer> {
    @Mixin private ServerOptions options = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    /** The token of a link that signs the owner in. */
    abstract String token(LocalData data);

    /** Standard output, not the log: a one-time link is a secret until it is used. */
    @Override
    public final Integer call() {
      Settings settings = options.settings(Map.of());
      ServerConfig config = ServerConfig.from(settings);
      PrintWriter out = spec.commandLine().getOut();
      try (LocalData data = LocalData.open(settings)) {
        out.println(SignInLink.sentence(config.url(config.port()), token(data)));
      }
      out.flush();
      return 0;
    }
  }

  /** Makes the owner of an instance that was never started. */
  @Command(
      name = "create",
      description = "Make the owner of a new instance, and print a one-time sign-in link",
      mixinStandardHelpOptions = true)
  static final class Create extends Act {

    @Override
    String token(LocalData data) {
      if (!data.isNew()) {
        throw new CommandFailedException(
            "this instance has an owner; ./mainstay owner reset lets them in again");
      }
      return data.identity().createSignInLink();
    }
  }

  /** Lets an owner in who has lost the way. */
  @Command(
      name = "reset",
      description =
          "End the owner's sessions, and print a one-time sign-in link; API keys stay as they are",
      mixinStandardHelpOptions = true)
  static final class Reset extends Act {

    @Override
    String token(LocalData data) {
      return data.identity().resetOwner();
    }
  }
}
