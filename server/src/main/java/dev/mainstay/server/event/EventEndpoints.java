package dev.mainstay.server.event;

import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Permission;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Events as a list and as Server-Sent Events (WHATWG HTML, section 9.2). */
final class EventEndpoints {
  private static final int RETRY_MILLIS = 1000;

  private final EventStore store;
  private final EventStream stream;

  EventEndpoints(EventStore store, EventStream stream) {
    this.store = store;
    this.stream = stream;
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/tasks/{id}/events",
                Permission.TASKS_READ,
                "List a task's events, or follow them live with Accept: text/event-stream")
            .query("after", "integer", "Only events after this seq; Last-Event-ID goes before it")
            .pageOf(Event.class)
            .handle(this::events));
  }

  private Answer events(Call<Endpoint.None> call) {
    String organization = call.principal().organizationId();
    String task = call.path("id");
    if (store.last(organization, task).isEmpty()) {
      throw ProblemException.notFound("task");
    }
    long after =
        call.number("after", call.number("cursor", 0, 0, Long.MAX_VALUE), 0, Long.MAX_VALUE);
    if (call.header("Accept").filter(accept -> accept.contains("text/event-stream")).isPresent()) {
      long from = call.number(call.header("Last-Event-ID"), "Last-Event-ID", after);
      return new Answer.Stream(
          "text/event-stream", out -> stream.follow(organization, task, from, new SseSink(out)));
    }
    int limit = call.limit();
    List<Event> events = store.after(organization, task, after, limit + 1);
    return Answer.json(
        Page.of(events, limit, event -> event, event -> Long.toString(event.position())));
  }

  /** One Server-Sent Events response. A write blocks this stream's thread alone. */
  private static final class SseSink implements EventStream.Sink {
    private final OutputStream out;

    SseSink(OutputStream out) throws IOException {
      this.out = out;
      // Jitter: clients that lost one server must not all come back in the same moment.
      write(
          "retry: " + (RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_MILLIS)) + "\n\n");
    }

    @Override
    public void send(Event event) throws IOException {
      String id = event.stored() ? "id: " + event.position() + "\n" : "";
      write(id + "data: " + Json.write(event) + "\n\n");
    }

    @Override
    public void heartbeat() throws IOException {
      write(": still here\n\n");
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
