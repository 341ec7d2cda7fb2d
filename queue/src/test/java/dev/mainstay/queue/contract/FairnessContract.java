package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.UnsupportedFeatureException;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** No tenant has to wait for all the jobs of another. */
interface FairnessContract extends QueueFixture {
  int CROWD = 100_000;

  @Test
  default void startsTheFirstJobOfATenantWithinTwoLengthsOfTheOneHundredThousandOfAnother()
      throws Exception {
    TaskQueue queue = node().queue();
    JobRequest crowd = JobRequest.of("test", "{}").with(options -> options.group("a"));
    if (!supports(Feature.GROUPS)) {
      assertThatThrownBy(() -> queue.add(crowd)).isInstanceOf(UnsupportedFeatureException.class);
      return;
    }
    for (int added = 0; added < CROWD; added += TaskQueue.MAX_BULK) {
      queue.addBulk(Collections.nCopies(TaskQueue.MAX_BULK, crowd));
    }
    ControlledHandler handler = ControlledHandler.create();
    work(queue, 1, handler);
    for (int i = 0; i < 3; i++) {
      ControlledHandler.Run run = handler.next();
      assertThat(run.job().options().group()).contains("a");
      if (i == 2) {
        queue.add(job("single").with(options -> options.group("b")));
      }
      run.succeed("");
    }
    int before = 0;
    for (ControlledHandler.Run run = handler.next();
        !run.job().id().equals("single");
        run = handler.next()) {
      before++;
      assertThat(before).as("jobs of the other that started before it").isLessThanOrEqualTo(1);
      run.succeed("");
    }
  }
}
