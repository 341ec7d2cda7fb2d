import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time as Linux counts it in /proc, in microseconds. */
final class Cpu {
  /** Of a clock tick, 100 a second. */
  private static final long MICROS = 10_000;

  private Cpu() {}

  static long of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name may hold blanks; it ends with the last parenthesis.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      // utime, stime, and those of children that have ended and were waited for
      return MICROS
          * (Long.parseLong(fields[11])
              + Long.parseLong(fields[12])
              + Long.parseLong(fields[13])
              + Long.parseLong(fields[14]));
    } catch (IOException e) {
      return 0;
    }
  }

  /** Of a server that this process has started, with its children. */
  static long ofServer(String name, int port) {
    List<ProcessHandle> all;
    try (Stream<ProcessHandle> descendants = ProcessHandle.current().descendants()) {
      all = descendants.toList();
    }
    // The start of PostgreSQL forks off, so that it is nobody's child.
    Stream<ProcessHandle> adopted =
        ProcessHandle.allProcesses().filter(process -> commandLine(process.pid()).contains(name));
    return Stream.concat(
            all.stream().filter(process -> commandLine(process.pid()).contains(name)), adopted)
        .mapToLong(ProcessHandle::pid)
        .distinct()
        .filter(pid -> belongs(pid, port))
        .map(Cpu::of)
        .sum();
  }

  /** PostgreSQL's processes carry no port but in their parent's arguments; Redis has one. */
  private static boolean belongs(long pid, int port) {
    if (commandLine(pid).contains(Integer.toString(port))) {
      return true;
    }
    return ProcessHandle.of(pid)
        .flatMap(ProcessHandle::parent)
        .map(parent -> commandLine(parent.pid()).contains(Integer.toString(port)))
        .orElse(false);
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** Of all processes of the machine. */
  static long ofMachine() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      String[] fields = lines.findFirst().orElseThrow().trim().split("\\s+");
      long busy = 0;
      for (int i = 1; i <= 7; i++) {
        if (i != 4 && i != 5) { // idle, waiting for a disk
          busy += Long.parseLong(fields[i]);
        }
      }
      return busy * MICROS;
    }
  }
}
