package dev.mainstay.agent.tool;

import dev.mainstay.agent.sandbox.CommandResult;
import dev.mainstay.agent.sandbox.ShellSession;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

final class BashTool extends BuiltInTool {
  private static final int DEFAULT_MILLIS = 120_000;
  private static final int MAX_MILLIS = (int) ShellSession.MAX_TIMEOUT.toMillis();

  private final ShellSession shell;

  BashTool(ShellSession shell) {
    super(
        "bash",
        false,
        """
        Runs a bash command in the task's shell and returns its output and errors together. The \
        working directory, at first the workspace, and exported variables stay for the next \
        command. There is no network, no keyboard input and no root; only the workspace, /tmp and \
        the home directory can be written, and only the workspace outlives the task. Start servers \
        in the background with & and their output redirected to a file. A command that takes longer \
        than its timeout is killed with everything else in the shell. Prefer read, edit, glob and \
        grep to cat, sed, find and grep.
        """,
        new Schema()
            .string("command", "The command to run")
            .integer(
                "timeout",
                1,
                MAX_MILLIS,
                "Milliseconds after which it is killed: 120000 by default, 600000 at most")
            .required("command"));
    this.shell = shell;
  }

  @Override
  Output run(ToolInput input, Consumer<String> live) throws ToolFailure, InterruptedException {
    String command = input.string("command");
    if (command.isBlank()) {
      throw new ToolFailure("'command' is empty.");
    }
    if (command.indexOf('\0') >= 0) {
      throw new ToolFailure("'command' contains a NUL character.");
    }
    if (command.getBytes(StandardCharsets.UTF_8).length > ShellSession.MAX_COMMAND_BYTES) {
      throw new ToolFailure(
          "'command' is longer than "
              + ShellSession.MAX_COMMAND_BYTES
              + " bytes; write a file and run that.");
    }
    Duration timeout = Duration.ofMillis(input.integer("timeout", DEFAULT_MILLIS, 1, MAX_MILLIS));
    try {
      return output(shell.run(command, timeout, live), timeout);
    } catch (UncheckedIOException e) {
      throw new ToolFailure("The shell cannot be started; try again, or go on without it.");
    }
  }

  private static Output output(CommandResult result, Duration timeout) {
    String text = result.output();
    String gap = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    return switch (result.ending()) {
      case EXITED ->
          result.exitCode() == 0
              ? Output.ok(text.isEmpty() ? "(no output)" : text)
              : Output.error(gap + "[exit code " + result.exitCode() + "]");
      case TIMED_OUT ->
          Output.error(
              gap
                  + "[killed after "
                  + timeout.toMillis()
                  + " ms, with all processes of the shell; the next command gets a fresh shell in"
                  + " the workspace's root]");
      case DISK_FULL ->
          Output.error(
              gap
                  + "[killed because the disk is nearly full: delete what is not needed; the next"
                  + " command gets a fresh shell]");
      case SHELL_DIED ->
          Output.error(
              gap
                  + "[the shell itself died, probably by a memory or process limit; the next"
                  + " command gets a fresh one in the workspace's root]");
    };
  }
}
