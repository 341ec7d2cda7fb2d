package dev.mainstay.server.cli;

import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command on the queues of the data directory; a server may run on it at the same time. */
abstract class QueueAction implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory (MAINSTAY_DATA); \"data\" if neither is given")
  private @Nullable String directory;

  abstract void run(LocalData data) throws IOException, InterruptedException;

  @Override
  public final Integer call() throws IOException, InterruptedException {
    Settings settings =
        Settings.of(directory == null ? Map.of() : Map.of(Setting.DATA.variable(), directory));
    try (LocalData data = LocalData.open(settings)) {
      run(data);
      return 0;
    } catch (ProblemException e) {
      throw new CommandFailedException(e.problem().detail());
    } catch (UnsupportedFeatureException e) {
      throw new CommandFailedException(
          e.feature() + " are not supported by the engine of these queues");
    } catch (JobNotFoundException | JobStateException | IllegalArgumentException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    } finally {
      out().flush();
    }
  }

  /** For arguments that are wrong together. */
  final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
