package dev.mainstay.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests that come at the same time. */
final class Races {
  private Races() {}

  static <T> List<T> together(Callable<T> one, Callable<T> other) throws Exception {
    return together(List.of(one, other));
  }

  static <T> List<T> together(List<Callable<T>> all) throws Exception {
    CyclicBarrier start = new CyclicBarrier(all.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> one : all) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return one.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get());
      }
      return results;
    }
  }
}
