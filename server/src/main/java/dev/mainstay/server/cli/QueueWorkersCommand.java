package dev.mainstay.server.cli;

import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Who works on a queue. */
@Command(
    name = "workers",
    description = "List the workers of a queue in all processes, with the jobs that they have",
    mixinStandardHelpOptions = true)
final class QueueWorkersCommand extends QueueCommand.OfQueue {
  private static final int PAGE = 200;

  /** Jobs that are named; a line has an end. */
  private static final int JOBS = 3;

  @Override
  void run(LocalData data) {
    TaskQueue queue = open(data);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("WORKER", "HOST", "PID", "ACTIVE", "STARTED", "SEEN", "JOBS"));
    Optional<String> cursor = Optional.empty();
    do {
      var page = queue.workers(cursor, PAGE);
      page.items().forEach(worker -> rows.add(row(worker)));
      cursor = page.next();
    } while (cursor.isPresent());
    Table.print(out(), rows);
  }

  private static List<String> row(WorkerInfo worker) {
    return List.of(
        worker.name().orElse("-"),
        worker.host().orElse("-"),
        worker.pid().isPresent() ? Long.toString(worker.pid().getAsLong()) : "-",
        worker.concurrency().isPresent()
            ? worker.active() + "/" + worker.concurrency().getAsInt()
            : Integer.toString(worker.active()),
        worker.startedAt().map(Instant::toString).orElse("-"),
        worker.seenAt().toString(),
        jobs(worker));
  }

  private static String jobs(WorkerInfo worker) {
    String some = String.join(" ", worker.jobs().stream().limit(JOBS).toList());
    return worker.active() > JOBS ? some + " …" : some;
  }
}
