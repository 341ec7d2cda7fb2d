package dev.mainstay.server.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // needs no database
class TaskRunnerTest {

  @Test
  void interruptsAreKnownHoweverTheyAreWrapped() {
    RuntimeException wrapped =
        new IllegalStateException(
            "The database cannot be read",
            new java.sql.SQLException("Interrupted", new InterruptedException()));
    assertThat(TaskRunner.isInterrupt(wrapped)).isTrue();
    assertThat(TaskRunner.isInterrupt(new IllegalStateException("Something else"))).isFalse();
    Thread.currentThread().interrupt();
    assertThat(TaskRunner.isInterrupt(new IllegalStateException("Something else"))).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
