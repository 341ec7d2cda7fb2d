package dev.mainstay.agent.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The driver's program: reads commands, runs each in a fresh bash, reports how it ended. The bash
 * of the next command is started beforehand and waits for it: starting takes longer than most
 * commands.
 *
 * <p>Standard input carries {@code nonce \n command \0}. Output and errors of the command go to
 * standard output; when it has ended the driver writes {@code \0 nonce} there, so that the reader
 * knows where this command's output stops, and the exit code to the control channel, the pipe that
 * was standard error. A command inherits neither standard input nor the control channel, and cannot
 * read the nonce: it lives in the memory of a process that cannot be inspected. Working directory
 * and exported variables travel from one command to the next in a file that only commands read.
 */
final class ShellScript {
  /** Runs inside the command's own bash; a user's EXIT trap, `set -e` or `exit` change nothing. */
  private static final String RUNNER =
      """
      __mainstay_state=$1
      IFS= read -r -d '' __mainstay_command || exit
      exec </dev/null
      shift
      . "$__mainstay_state"
      __mainstay_save() {
        [[ -n ${__mainstay_saved-} ]] && return
        __mainstay_saved=1
        { builtin printf 'cd -- %q\\n' "$PWD"; builtin export -p; } >|"$__mainstay_state"
      }
      trap __mainstay_save EXIT
      eval "$__mainstay_command"
      __mainstay_code=$?
      __mainstay_save
      exit "$__mainstay_code"
      """;

  private static final String DRIVER =
      """
      exec 9>&2 2>/dev/null
      state=$1 runner=$2 cpu=$3 data=$4 processes=$5 blocks=$6 files=$7
      { printf 'cd -- %q\\n' "$PWD"; export -p; } >"$state"
      prepare() {
        exec 8> >(
          # A limit that cannot be set is one that is stricter already.
          { ulimit -c 0; ulimit -t "$cpu"; ulimit -d "$data"; ulimit -u "$processes"
            ulimit -f "$blocks"; ulimit -n "$files"; } 2>/dev/null
          exec -c /bin/bash --norc --noprofile -c "$runner" bash "$state" 2>&1 9>&-
        )
        pid=$!
      }
      prepare
      while IFS= read -r nonce && IFS= read -r -d '' command; do
        printf '%s\\0' "$command" >&8
        exec 8>&-
        wait "$pid"
        code=$?
        printf '\\0%s' "$nonce"
        printf '%d\\n' "$code" >&9
        prepare
      done
      """;

  private static final String ENTER =
      """
      echo 500 >/proc/self/oom_score_adj
      while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 125; shift; done
      shift
      exec "$@"
      """;

  private ShellScript() {}

  /**
   * The driver's arguments.
   *
   * @param memory bytes of data per process, or 0 for no such limit: a group bounds the session
   */
  static List<String> driver(
      String bash, String state, SandboxLimits limits, long memory, long processes) {
    return List.of(
        bash,
        "--norc",
        "--noprofile",
        "-c",
        DRIVER,
        "driver",
        state,
        RUNNER,
        Long.toString(limits.cpuTime().toSeconds()),
        // Data, not address space: runtimes such as V8 reserve far more addresses than they use.
        memory == 0 ? "unlimited" : Long.toString(memory / 1024),
        Long.toString(processes),
        Long.toString(limits.fileBytes() / 1024),
        Integer.toString(limits.openFiles()));
  }

  /** Puts the process into its groups, and first in line when memory runs out, then becomes it. */
  static List<String> enter(List<Path> groups) {
    return Stream.of(
            Stream.of("/bin/sh", "-c", ENTER, "enter"),
            groups.stream().map(Path::toString),
            Stream.of("--"))
        .flatMap(part -> part)
        .toList();
  }

  /** How many threads run here: without a user namespace the limit counts all of this user's. */
  static long threadsNow() {
    return ProcessHandle.allProcesses()
        .map(process -> Path.of("/proc", Long.toString(process.pid()), "task").toFile().list())
        .filter(Objects::nonNull)
        .mapToLong(threads -> threads.length)
        .sum();
  }
}
