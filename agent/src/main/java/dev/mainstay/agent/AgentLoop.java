package dev.mainstay.agent;

import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.agent.model.Prices;
import dev.mainstay.agent.tool.Tool;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Lets a model work with tools until it ends its turn. All progress is in the {@link Journal}: a
 * run that was cut at any instant goes on from its last committed step when {@code run} is called
 * again with the same journal. Thread-safe and without state of its own.
 *
 * <p>What is repeated after a crash: the model call that was under way, and read-only tools. Any
 * other tool call that had begun is decided by its tool ({@link Tool#recover}): it counts as done
 * or runs again; if the tool cannot tell, as with a shell command, the model is told that the
 * outcome is unknown.
 */
public final class AgentLoop {
  private final LoopSettings settings;
  private final Prices prices;
  private final InstantSource clock;
  private final Waits waits;
  private final RandomGenerator random;

  public AgentLoop(LoopSettings settings, Prices prices, InstantSource clock) {
    this(settings, prices, clock, Waits.SLEEPING, RandomGenerator.getDefault());
  }

  public AgentLoop(
      LoopSettings settings,
      Prices prices,
      InstantSource clock,
      Waits waits,
      RandomGenerator random) {
    this.settings = settings;
    this.prices = prices;
    this.clock = clock;
    this.waits = waits;
    this.random = random;
  }

  /**
   * Runs, or goes on with, one task on the calling thread. Tools and model calls run on virtual
   * threads of their own, the journal is used from the calling thread only.
   *
   * @throws InterruptedException if the calling thread is interrupted: whatever ran is interrupted
   *     and waited for, and nothing is written to the journal any more
   * @throws LeaseLostException if the journal says so; whatever ran is interrupted too
   */
  public RunOutcome run(
      AgentTask task, Journal journal, ModelClient model, List<Tool> tools, LiveListener live)
      throws InterruptedException {
    LiveListener quiet = new QuietListener(live);
    Costs costs = new Costs(prices, model, clock);
    if (task.limits().maxCostUsd().isPresent() && !costs.known(task.model())) {
      return new RunOutcome.Failed(
          "price_unknown",
          "The run has a money limit, but no price is known for the model " + task.model() + ".");
    }
    RunLog log = new RunLog(journal);
    Deadline deadline = Deadline.of(clock, task.startedAt(), task.limits().maxDuration());
    Budget budget = new Budget(task.limits(), log, deadline);
    ModelCaller caller =
        new ModelCaller(
            model, settings.retry(), log, budget, deadline, costs, quiet, clock, waits, random);
    ToolRunner runner =
        new ToolRunner(tools, log, deadline, quiet, clock, settings.parallelTools());
    Compactor compactor = new Compactor(settings, task, runner.specs(), caller, log);
    return new LoopRun(task, settings, log, budget, caller, runner, compactor).run();
  }
}
