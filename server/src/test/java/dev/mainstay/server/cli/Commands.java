package dev.mainstay.server.cli;

import dev.mainstay.server.platform.TestDatabases;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/**
 * Runs commands in this process.
 *
 * @param data the data directory that they are told; another database may stand for it
 */
record Commands(Path data) {

  /** What a command did. */
  record Done(int code, String out, String err) {}

  Done run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.line();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    // As the environment would say it, in a process of its own.
    Map<String, String> settings = TestDatabases.settings(data);
    settings.forEach(System::setProperty);
    int code = line.execute(arguments);
    settings.keySet().forEach(System::clearProperty);
    return new Done(code, out.toString().strip(), err.toString().strip());
  }
}
