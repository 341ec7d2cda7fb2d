package dev.mainstay.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BackoffTest {

  @Test
  void staysTheSameOrDoubles() {
    Backoff fixed = Backoff.fixed(Duration.ofSeconds(3));
    Backoff exponential = Backoff.exponential(Duration.ofSeconds(3));

    assertThat(fixed.waitAfter(1, 1)).isEqualTo(Duration.ofSeconds(3));
    assertThat(fixed.waitAfter(9, 1)).isEqualTo(Duration.ofSeconds(3));
    assertThat(exponential.waitAfter(1, 1)).isEqualTo(Duration.ofSeconds(3));
    assertThat(exponential.waitAfter(5, 1)).isEqualTo(Duration.ofSeconds(48));
  }

  @Test
  void isBoundedAfterAnyNumberOfFailures() {
    Backoff exponential = Backoff.exponential(Duration.ofSeconds(1));

    assertThat(exponential.waitAfter(Integer.MAX_VALUE, 0)).isEqualTo(Backoff.MAX_WAIT);
    assertThat(Backoff.NONE.waitAfter(1_000, 0)).isZero();
    assertThat(Backoff.NONE.waitAfter(Integer.MAX_VALUE, 0)).isZero();
  }

  @Test
  void takesTheJitterOffTheWait() {
    Backoff backoff = new Backoff(Backoff.FIXED, Duration.ofSeconds(10), 0.2);

    assertThat(backoff.waitAfter(1, 0)).isEqualTo(Duration.ofSeconds(10));
    assertThat(backoff.waitAfter(1, 0.5)).isEqualTo(Duration.ofSeconds(9));
    assertThat(backoff.waitAfter(1, 1)).isEqualTo(Duration.ofSeconds(8));
  }
}
