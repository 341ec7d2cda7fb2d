package dev.mainstay.agent.sandbox;

import java.time.Duration;

/**
 * What one shell session may use.
 *
 * @param memoryBytes of the whole session with a cgroup, of each process without one
 * @param cpuTime of each process
 * @param processes processes and threads alive at the same time
 * @param fileBytes size of any one file that is written
 * @param openFiles descriptors of each process
 * @param temporaryBytes size of {@code /tmp}; the home directory and {@code /dev/shm} have the same
 * @param outputChars characters of a command's output that are kept; its middle is dropped
 * @param reservedDiskBytes a command is killed when the workspace's file system has less free
 */
public record SandboxLimits(
    long memoryBytes,
    Duration cpuTime,
    int processes,
    long fileBytes,
    int openFiles,
    long temporaryBytes,
    int outputChars,
    long reservedDiskBytes) {

  private static final long MIB = 1024L * 1024;

  public SandboxLimits {
    require(memoryBytes >= 32 * MIB, "memoryBytes must be at least 32 MiB");
    require(cpuTime.toSeconds() >= 1, "cpuTime must be at least one second");
    require(processes >= 16, "processes must be at least 16");
    require(fileBytes >= MIB, "fileBytes must be at least 1 MiB");
    require(openFiles >= 32, "openFiles must be at least 32");
    require(temporaryBytes >= MIB, "temporaryBytes must be at least 1 MiB");
    require(
        outputChars >= 1_000 && outputChars <= 1_000_000, "outputChars must be 1,000 to 1,000,000");
    require(reservedDiskBytes >= 0, "reservedDiskBytes must not be negative");
  }

  /**
   * 2 GiB of memory, 10 minutes of processor time, 512 processes, 1 GiB files, 1 GiB of temporary
   * space, 30,000 characters of output, 512 MiB of disk left free.
   */
  public static SandboxLimits defaults() {
    return new SandboxLimits(
        2048 * MIB, Duration.ofMinutes(10), 512, 1024 * MIB, 4096, 1024 * MIB, 30_000, 512 * MIB);
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
