package dev.mainstay.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot run program \"bwrap\": error=11, Resource temporarily unavailable",
        "Cannot run program \"git\": Exec failed, error: 11 (Resource temporarily unavailable)",
        "Cannot run program \"git\": posix_spawn failed, error: 12 (Cannot allocate memory)",
        "Cannot run program \"bash\" (in directory \"/\"): error=12, Cannot allocate memory",
        "error=24, Too many open files",
        "/data/git/runs/a: Too many open files",
        "/data/git/runs/a: Too many open files in system",
        "error=23, Too many open files in system",
        "/bin/sh: 1: Cannot fork",
        "bash: fork: retry: Resource temporarily unavailable",
        "error: cannot fork() for index-pack: Resource temporarily unavailable",
        "fatal: unable to create threaded lstat: Resource temporarily unavailable",
        "error: cannot create async thread: Resource temporarily unavailable",
        "fatal: unable to create thread: Resource temporarily unavailable",
        "fatal: Out of memory, malloc failed (tried to allocate 1048576 bytes)",
        "bwrap: Creating new namespace failed: Resource temporarily unavailable",
        "bwrap: Can't fork"
      })
  void theMachineMayHaveMoreLater(String words) {
    assertThat(Shortage.said(words)).isTrue();
    IOException failed = new IOException(words);
    assertThat(Shortage.of(failed)).isTrue();
    assertThat(Shortage.of(new UncheckedIOException("the shell cannot start", failed))).isTrue();
    assertThat(Shortage.of(new IllegalStateException(new IOException("outer", failed)))).isTrue();
    // What merely quotes it is no shortage.
    assertThat(Shortage.of(new IllegalStateException(words))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot run program \"git\": error=2, No such file or directory",
        "Cannot run program \"git\": Exec failed, error: 2 (No such file or directory)",
        "Cannot run program \"bwrap\": error=13, Permission denied",
        "error=112, Host is down",
        "error: 110 (Connection timed out)",
        "fatal: repository 'fork' not found",
        "No space left on device",
        "Read-only file system",
        "fatal: not a git repository",
        ""
      })
  void otherFailuresStay(String words) {
    assertThat(Shortage.said(words)).isFalse();
    assertThat(Shortage.of(new IOException(words))).isFalse();
  }

  @Test
  void aThreadIsNoHeap() {
    Error thread =
        new OutOfMemoryError(
            "unable to create native thread: possibly out of memory or process/resource limits"
                + " reached");
    assertThat(Shortage.of(new IllegalStateException(thread))).isTrue();
    assertThat(Shortage.isThread(thread)).isTrue();
    assertThat(Shortage.of(new OutOfMemoryError("Java heap space"))).isFalse();
    assertThat(Shortage.of(Shortage.exception(thread))).isTrue();
  }
}
