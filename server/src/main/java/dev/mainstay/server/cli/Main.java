package dev.mainstay.server.cli;

import dev.mainstay.server.platform.SettingException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "mainstay",
    description = "The whole backend of an AI-agent product in one JAR.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      WorkerCommand.class,
      DemoCommand.class,
      KeyCommand.class,
      OwnerCommand.class,
      QueueCommand.class,
      VersionCommand.class,
      TrainCommand.class,
      HelpCommand.class
    })
public final class Main implements Runnable {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  public static void main(String[] args) {
    // jOOQ greets on every start otherwise.
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    int code = line().execute(args);
    System.exit(code);
  }

  static CommandLine line() {
    return new CommandLine(new Main()).setExecutionExceptionHandler(Main::fail);
  }

  /** A wrong setting is one sentence; anything else is a failure that the log should show whole. */
  private static int fail(Exception e, CommandLine line, CommandLine.ParseResult result)
      throws Exception {
    if (e instanceof SettingException) {
      line.getErr().println("mainstay: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    if (e instanceof CommandFailedException) {
      line.getErr().println("mainstay: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw e;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command");
  }
}
