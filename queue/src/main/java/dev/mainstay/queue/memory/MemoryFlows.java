package dev.mainstay.queue.memory;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.FlowJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parents and children over all queues. The monitor of {@link MemoryQueues} guards it. */
final class MemoryFlows {
  private final MemoryQueues queues;

  MemoryFlows(MemoryQueues queues) {
    this.queues = queues;
  }

  /**
   * Adds the jobs of flows.
   *
   * @param parent of the roots, if they have one
   */
  List<Optional<Job>> add(@Nullable Entry parent, List<FlowJob> jobs, Instant now) {
    check(parent, jobs);
    List<Optional<Job>> added = new ArrayList<>();
    Entry[] parents = new Entry[jobs.size()];
    Set<Entry> toFree = new LinkedHashSet<>();
    for (int place = 0; place < jobs.size(); place++) {
      FlowJob job = jobs.get(place);
      Entry above = job.parent() == FlowJob.ROOT ? parent : parents[job.parent()];
      if (above == null && job.parent() != FlowJob.ROOT) {
        added.add(Optional.empty());
        continue;
      }
      MemoryStore store = queues.store(job.queue());
      Entry there = store.entry(job.id());
      if (there != null) {
        attach(above, there);
        store.happens(Event.duplicated(job.id()), now);
        added.add(Optional.of(there.job()));
      } else {
        added.add(Optional.of(store.add(job, above, now)));
        Entry entry = store.entry(job.id());
        if (entry != null && above != null) {
          depend(above, entry, DependencyState.UNPROCESSED, Optional.empty());
        }
        parents[place] = job.hasChildren() ? entry : null;
        if (entry != null && job.hasChildren()) {
          toFree.add(entry);
        }
      }
    }
    // Whose children were all there, and had completed, or were refused.
    toFree.forEach(entry -> freeIfDone(entry, now));
    jobs.stream().map(FlowJob::queue).distinct().forEach(name -> queues.store(name).signal());
    return added;
  }

  /** Everything that can go wrong, before anything is changed. */
  private void check(@Nullable Entry parent, List<FlowJob> jobs) {
    Map<JobKey, Integer> first = new HashMap<>();
    boolean[] skipped = new boolean[jobs.size()];
    int roots = 0;
    for (int place = 0; place < jobs.size(); place++) {
      FlowJob job = jobs.get(place);
      roots += job.parent() == FlowJob.ROOT ? 1 : 0;
      skipped[place] = job.parent() != FlowJob.ROOT && skipped[job.parent()];
      if (skipped[place]) {
        continue;
      }
      JobKey key = new JobKey(job.queue(), job.id());
      Entry there = queues.store(job.queue()).entry(job.id());
      Integer before = first.putIfAbsent(key, place);
      skipped[place] = there != null || before != null;
      boolean elsewhere =
          before != null
              ? jobs.get(before).parent() != job.parent()
              : there != null && hasOther(there, parent, job);
      if (elsewhere) {
        throw new IllegalStateException("Job %s has another parent".formatted(key));
      }
    }
    if (parent != null) {
      Limits.range(
          "The number of children", parent.children.size() + roots, 0, FlowProducer.MAX_JOBS);
    }
  }

  private boolean hasOther(Entry there, @Nullable Entry parent, FlowJob job) {
    if (job.parent() == FlowJob.ROOT && parent == null) {
      return false;
    }
    Entry own = livingParent(there);
    for (Entry above = parent; above != null; above = livingParent(above)) {
      if (above == there) {
        return true; // it would wait for itself
      }
    }
    return own != null && (job.parent() != FlowJob.ROOT || own != parent);
  }

  /** Makes a job that is there a child. */
  private void attach(@Nullable Entry parent, Entry there) {
    if (parent == null || livingParent(there) == parent) {
      return;
    }
    there.setParent(parent);
    if (there.state == JobState.COMPLETED) {
      depend(parent, there, DependencyState.PROCESSED, there.returnValue);
    } else {
      depend(parent, there, DependencyState.UNPROCESSED, Optional.empty());
    }
  }

  private static void depend(
      Entry parent, Entry child, DependencyState state, Optional<String> value) {
    parent.children.put(child.key(), new Dependency(child.key(), state, value));
  }

  private @Nullable Entry livingParent(Entry child) {
    Entry parent = child.parentEntry();
    return parent != null && queues.store(parent.queue).entry(parent.id) == parent ? parent : null;
  }

  private static boolean waitsFor(Entry parent, Entry child) {
    Dependency there = parent.children.get(child.key());
    return there != null && there.state() == DependencyState.UNPROCESSED;
  }

  static boolean waits(Entry parent) {
    return parent.children.values().stream()
        .anyMatch(child -> child.state() == DependencyState.UNPROCESSED);
  }

  /** True if a parent that is not finished may still want this failed job to be tried again. */
  boolean needed(Entry child) {
    Entry parent = livingParent(child);
    return parent != null && !parent.state.finished() && waitsFor(parent, child);
  }

  /** A job has completed, or failed for good. */
  void ended(Entry child, Instant now) {
    Entry parent = livingParent(child);
    if (parent == null || !waitsFor(parent, child)) {
      return;
    }
    if (child.state == JobState.COMPLETED) {
      depend(parent, child, DependencyState.PROCESSED, child.returnValue);
      freeIfDone(parent, now);
      return;
    }
    switch (child.options.onFailure()) {
      case WAIT -> {}
      case FAIL_PARENT -> {
        depend(parent, child, DependencyState.FAILED, child.failedReason);
        queues
            .store(parent.queue)
            .deferFailure(parent, "child %s failed".formatted(child.key()), now);
      }
      case CONTINUE_PARENT -> {
        depend(parent, child, DependencyState.IGNORED, child.failedReason);
        free(parent, now);
      }
      case IGNORE_DEPENDENCY -> {
        depend(parent, child, DependencyState.IGNORED, child.failedReason);
        freeIfDone(parent, now);
      }
      case REMOVE_DEPENDENCY -> {
        parent.children.remove(child.key());
        freeIfDone(parent, now);
      }
    }
  }

  /** A job has been removed; what a parent knows of its end stays. */
  void removed(Entry child, Instant now) {
    Entry parent = livingParent(child);
    if (parent != null && waitsFor(parent, child)) {
      parent.children.remove(child.key());
      freeIfDone(parent, now);
    }
  }

  /** A finished job waits again: so does its parent for it, if that has not gone on. */
  void again(Entry child) {
    Entry parent = livingParent(child);
    boolean open =
        parent != null
            && (parent.state == JobState.WAITING_CHILDREN || parent.state == JobState.FAILED);
    if (parent != null && open && parent.children.containsKey(child.key())) {
      depend(parent, child, DependencyState.UNPROCESSED, Optional.empty());
    }
  }

  private void freeIfDone(Entry parent, Instant now) {
    if (!waits(parent)) {
      free(parent, now);
    }
  }

  private void free(Entry parent, Instant now) {
    if (parent.state == JobState.WAITING_CHILDREN) {
      Duration delay = parent.processedAt.isPresent() ? Duration.ZERO : parent.options.delay();
      queues.store(parent.queue).free(parent, delay, now);
    }
  }

  /**
   * The jobs that go with one that is removed: its children that it waits for, and theirs.
   *
   * @return children before parents; the job itself is the last
   */
  Collection<Entry> tree(Entry root) {
    List<Entry> tree = new ArrayList<>();
    Deque<Entry> open = new ArrayDeque<>();
    open.add(root);
    while (!open.isEmpty()) {
      Entry entry = open.remove();
      tree.add(entry);
      for (Dependency child : entry.children.values()) {
        Entry there = queues.store(child.job().queue()).entry(child.job().id());
        if (child.state() == DependencyState.UNPROCESSED
            && there != null
            && there.parentEntry() == entry) {
          open.add(there);
        }
      }
    }
    return tree.reversed();
  }
}
