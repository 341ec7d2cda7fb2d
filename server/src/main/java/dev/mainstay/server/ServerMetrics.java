package dev.mainstay.server;

import dev.mainstay.server.platform.http.OpenStreams;
import dev.mainstay.server.task.TaskModule;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;

/** What the server measures of itself. */
final class ServerMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final TaskModule tasks;
  private final MultiGauge tasksByStatus;

  ServerMetrics(TaskModule tasks, OpenStreams streams) {
    this.tasks = tasks;
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    tasksByStatus =
        MultiGauge.builder("mainstay.tasks").description("Tasks by status").register(registry);
    Gauge.builder("mainstay.runs.active", tasks, TaskModule::running)
        .description("Agent runs in this process")
        .register(registry);
    Gauge.builder("mainstay.streams.open", streams, OpenStreams::count)
        .description("Streams of events that are open in this process")
        .register(registry);
    Gauge.builder("mainstay.streams.limit", streams, OpenStreams::most)
        .description("Streams of events that may be open in this process")
        .register(registry);
    for (OpenStreams.Bound bound : OpenStreams.Bound.values()) {
      FunctionCounter.builder("mainstay.streams.refused", streams, open -> open.refused(bound))
          .description("Streams that were refused, by whose limit")
          .tag("limit", bound.label())
          .register(registry);
    }
  }

  /** The present figures in Prometheus' text format; asks the database once. */
  String scrape() {
    Map<String, Integer> counts = tasks.counts();
    List<MultiGauge.Row<?>> rows =
        TaskModule.statuses().stream()
            .<MultiGauge.Row<?>>map(
                status ->
                    MultiGauge.Row.of(Tags.of("status", status), counts.getOrDefault(status, 0)))
            .toList();
    tasksByStatus.register(rows, true);
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
