package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.JobHandler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A handler whose every run waits for the test to end it. */
public final class ControlledHandler implements JobHandler {
  private static final int DEADLINE_SECONDS = 20;

  private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
  private final boolean stubborn;

  private ControlledHandler(boolean stubborn) {
    this.stubborn = stubborn;
  }

  public static ControlledHandler create() {
    return new ControlledHandler(false);
  }

  /** Goes on after an interrupt. */
  public static ControlledHandler stubborn() {
    return new ControlledHandler(true);
  }

  /** One run of one job. */
  public static final class Run {
    private final Job job;
    private final JobContext context;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private Run(Job job, JobContext context) {
      this.job = job;
      this.context = context;
    }

    public Job job() {
      return job;
    }

    public JobContext context() {
      return context;
    }

    public void succeed(String value) {
      end.complete(value);
    }

    public void fail(Exception error) {
      end.completeExceptionally(error);
    }

    public void awaitInterrupt() throws InterruptedException {
      assertThat(interrupted.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("the handler of %s is interrupted", job.id())
          .isTrue();
    }
  }

  /** The next run that has started, after those that were asked for before. */
  public Run next() throws InterruptedException {
    Run run = runs.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    assertThat(run).as("a job has started").isNotNull();
    return run;
  }

  /** Runs that have started and were not asked for. */
  public int waiting() {
    return runs.size();
  }

  @Override
  public String handle(Job job, JobContext context) throws Exception {
    Run run = new Run(job, context);
    runs.add(run);
    while (true) {
      try {
        return run.end.get();
      } catch (InterruptedException e) {
        run.interrupted.countDown();
        if (!stubborn) {
          throw e;
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Exception cause) {
          throw cause;
        }
        throw e;
      }
    }
  }
}
