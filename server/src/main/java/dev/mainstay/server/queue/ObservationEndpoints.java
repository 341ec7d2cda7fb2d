package dev.mainstay.server.queue;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;

/** What happens and has happened in queues, as a list, as Server-Sent Events and by the minute. */
final class ObservationEndpoints {
  private static final String QUEUE = QueueEndpoints.QUEUE;
  private static final int MAX_WAIT_MILLIS = 30_000;
  private static final int PAGE = 200;

  /** So often a stream looks whether the server stops. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** So often a stream without events shows that it is alive, and whether its reader is. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** A stream ends after this, and its reader resumes: with the rights that it has then. */
  private static final Duration LIFE = Duration.ofMinutes(10);

  private static final Duration DEFAULT_SPAN = Duration.ofHours(1);
  private static final Duration MAX_SPAN = Duration.ofDays(1);

  private final Queues queues;
  private final InstantSource clock;

  ObservationEndpoints(Queues queues, InstantSource clock) {
    this.queues = queues;
    this.clock = clock;
  }

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.get(
                QUEUE + "/events",
                Permission.QUEUES_READ,
                "List a queue's events, or follow them live with Accept: text/event-stream")
            .query(
                "cursor",
                "string",
                "nextCursor of the answer before; 0, if absent, for the oldest, $ for only new ones. Last-Event-ID goes before it")
            .query("limit", "integer", "At most so many; 50 if absent, at most 200")
            .query(
                "wait", "integer", "Milliseconds to wait for the first; 0 if absent, at most 30000")
            .answers(200, QueueEventsView.class)
            .handle(this::events),
        Endpoint.get(
                QUEUE + "/metrics",
                Permission.QUEUES_READ,
                "Get what a queue's workers have done, by the minute")
            .query("from", "string", "The first minute; an hour before the end if absent")
            .query("to", "string", "Minutes before this; now if absent, at most a day after from")
            .answers(200, MetricsView.class)
            .handle(this::metrics),
        Endpoint.get(
                QUEUE + "/jobs/{id}/events",
                Permission.QUEUES_READ,
                "List what has happened to a job, as far as its queue's events are kept")
            .answers(200, JobEventsView.class)
            .handle(this::jobEvents),
        Endpoint.get(
                QUEUE + "/workers",
                Permission.QUEUES_READ,
                "List the workers of a queue in all processes, by their start")
            .pageOf(WorkerView.class)
            .handle(this::workers));
  }

  private Answer events(Call<None> call) {
    TaskQueue queue = queues.open(QueueEndpoints.name(call));
    String cursor = call.query("cursor").orElse(EventControl.OLDEST);
    if (call.header("Accept").filter(accept -> accept.contains("text/event-stream")).isPresent()) {
      String from = call.header("Last-Event-ID").orElse(cursor);
      // A wrong cursor is refused before the stream begins.
      read(queue, from, 1, Duration.ZERO);
      return new Answer.Stream("text/event-stream", out -> follow(queue, from, out));
    }
    Duration wait = Duration.ofMillis(call.number("wait", 0, 0, MAX_WAIT_MILLIS));
    return Answer.json(QueueEventsView.of(read(queue, cursor, call.limit(), wait)));
  }

  private Answer jobEvents(Call<None> call) {
    TaskQueue queue = queues.open(QueueEndpoints.name(call));
    String id = call.path("id");
    if (queue.find(id).isEmpty()) {
      throw ProblemException.notFound("job");
    }
    return Answer.json(
        JobEventsView.of(
            cursor -> read(queue, cursor, TaskQueue.MAX_PAGE, Duration.ZERO), id, clock));
  }

  private static QueueEvents read(TaskQueue queue, String cursor, int limit, Duration wait) {
    return Fields.checked(
        "cursor",
        () -> {
          try {
            return queue.events(cursor, limit, wait);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new QueueEvents(List.of(), cursor, false);
          }
        });
  }

  private void follow(TaskQueue queue, String from, OutputStream out)
      throws IOException, InterruptedException {
    String cursor = from;
    long end = System.nanoTime() + LIFE.toNanos();
    long silent = System.nanoTime();
    while (end - System.nanoTime() > 0 && !queues.stopping()) {
      QueueEvents events = queue.events(cursor, PAGE, LOOK);
      StringBuilder text = new StringBuilder();
      if (events.gap()) {
        text.append("event: gap\ndata: {}\n\n");
      }
      for (QueueEvent event : events.items()) {
        text.append("id: %s\ndata: ".formatted(event.cursor()))
            .append(Json.write(QueueEventsView.QueueEventView.of(event)))
            .append("\n\n");
      }
      if (text.isEmpty() && System.nanoTime() - silent >= HEARTBEAT.toNanos()) {
        text.append(": still here\n\n");
      }
      if (!text.isEmpty()) {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        silent = System.nanoTime();
      }
      cursor = events.next();
    }
  }

  private Answer workers(Call<None> call) {
    Page<WorkerInfo> page =
        queues.open(QueueEndpoints.name(call)).workers(call.query("cursor"), call.limit());
    return Answer.json(
        new dev.mainstay.server.platform.http.Page<>(
            page.items().stream().map(WorkerView::of).toList(), page.next().orElse(null)));
  }

  private Answer metrics(Call<None> call) {
    TaskQueue queue = queues.open(QueueEndpoints.name(call));
    Instant to = time(call, "to", clock.instant());
    Instant from = time(call, "from", to.minus(DEFAULT_SPAN));
    if (from.isAfter(to) || Duration.between(from, to).compareTo(MAX_SPAN) > 0) {
      throw Fields.wrong("from", "must be at most a day before to, and not after it");
    }
    return Answer.json(MetricsView.of(queue.metrics(from, to)));
  }

  private static Instant time(Call<None> call, String name, Instant otherwise) {
    try {
      return call.query(name).map(Instant::parse).orElse(otherwise);
    } catch (DateTimeParseException e) {
      throw Fields.wrong(name, "must be a time like 2026-01-31T12:00:00Z");
    }
  }
}
