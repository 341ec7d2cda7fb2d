import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A process that drives one queue, see {@link Driver}. */
final class DriverProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final OutputStream commands;

  DriverProcess(List<String> command, Path log) throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = process.getOutputStream();
    String first = answers.readLine();
    if (!"open".equals(first)) {
      throw new IOException("%s did not open: %s, see %s".formatted(command, first, log));
    }
  }

  /**
   * Gives a command.
   *
   * @return what follows "ok"
   */
  String ask(String command) throws IOException {
    send(command);
    return answer(command);
  }

  void send(String command) throws IOException {
    commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    commands.flush();
  }

  String answer(String command) throws IOException {
    String line = answers.readLine();
    if (line == null || !line.startsWith("ok")) {
      throw new IOException("%s: %s".formatted(command, line));
    }
    return line.substring(2).strip();
  }

  long cpuMicros() {
    return Cpu.of(process.pid());
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
