package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.QueueUnavailableException;
import dev.mainstay.server.platform.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // no database
class WhileAwayTest {
  private final AtomicInteger runs = new AtomicInteger();

  private String fail(RuntimeException failure) {
    runs.incrementAndGet();
    throw failure;
  }

  private static RuntimeException away() {
    return new QueueUnavailableException("away", new IllegalStateException());
  }

  /** Several parts of one start wait in all for as long as one may. */
  @Test
  void aDeadlineThatIsOverIsOverForAll() {
    Deadline over = Deadline.in(Duration.ZERO);
    assertThatThrownBy(() -> WhileAway.retry(over, () -> WhileAway.retry(over, () -> fail(away()))))
        .isInstanceOf(QueueUnavailableException.class);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatFailsForAnotherReasonIsNotTriedAgain() {
    assertThatThrownBy(
            () ->
                WhileAway.retry(
                    Deadline.in(Duration.ofHours(1)), () -> fail(new IllegalStateException("no"))))
        .hasMessage("no");
    assertThat(runs).hasValue(1);
  }

  @Test
  void theStoreMayComeBackInTime() {
    String done =
        WhileAway.retry(
            Deadline.in(Duration.ofMinutes(1)), () -> runs.get() < 2 ? fail(away()) : "done");
    assertThat(done).isEqualTo("done");
    assertThat(runs).hasValue(2);
  }
}
