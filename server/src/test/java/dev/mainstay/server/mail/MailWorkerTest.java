package dev.mainstay.server.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once") // needs no database
class MailWorkerTest {

  /** One round that fails, however, is not the end of all mail. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        AssertionError.class,
        StackOverflowError.class,
        NoClassDefFoundError.class
      })
  void goesOnAfter(Class<? extends Throwable> failure) throws Exception {
    MailSignal signal = new MailSignal();
    AtomicInteger rounds = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(2);
    try (MailWorker worker =
        new MailWorker(
            signal,
            goesOn -> {
              second.countDown();
              if (rounds.incrementAndGet() == 1) {
                throw sneaky(failure);
              }
            })) {
      signal.give();
      assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @SuppressWarnings("unchecked") // what is thrown is what the parameter says
  private static <T extends Throwable> RuntimeException sneaky(Class<? extends Throwable> type)
      throws T {
    try {
      throw (T) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
