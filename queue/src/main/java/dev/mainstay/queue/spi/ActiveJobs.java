package dev.mainstay.queue.spi;

import dev.mainstay.queue.WorkerInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which jobs the workers of a queue have, by the workers' names. */
public final class ActiveJobs {
  /** Jobs that are read at most to find it out. */
  public static final int MAX_READ = 10_000;

  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, List<String>> ids = new HashMap<>();

  public void add(String worker, String id) {
    counts.merge(worker, 1, Integer::sum);
    List<String> some = ids.computeIfAbsent(worker, name -> new ArrayList<>());
    if (some.size() < WorkerInfo.MAX_JOBS) {
      some.add(id);
    }
  }

  public int count(String worker) {
    return counts.getOrDefault(worker, 0);
  }

  /** At most {@link WorkerInfo#MAX_JOBS}. */
  public List<String> ids(String worker) {
    return List.copyOf(ids.getOrDefault(worker, List.of()));
  }
}
