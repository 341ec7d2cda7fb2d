package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.contract.ControlledHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The dashboard of BullMQ's users, unmodified, on our jobs. */
final class BullBoardTest extends Interop {

  private long serve() throws Exception {
    return Reply.number(
        node()
            .run(
                """
                const { createBullBoard } = await import('@bull-board/api');
                const { BullMQAdapter } = await import('@bull-board/api/bullMQAdapter');
                const { ExpressAdapter } = await import('@bull-board/express');
                const express = (await import('express')).default;
                const serverAdapter = new ExpressAdapter();
                serverAdapter.setBasePath('/board');
                createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter });
                const app = express();
                app.use('/board', serverAdapter.getRouter());
                return await new Promise(resolve => {
                  const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port));
                });
                """));
  }

  @Test
  void listsRetriesPromotesAndRemovesOurJobs() throws Exception {
    ControlledHandler handler = work(1);
    queue.add(JobRequest.of("mail", "{\"to\":\"ada\"}").with(options -> options.id("good")));
    handler.next().succeed("{\"sent\":true}");
    awaitState("good", JobState.COMPLETED);
    queue.add(JobRequest.of("mail", "{}").with(options -> options.id("bad")));
    handler.next().fail(new IllegalStateException("no such host"));
    awaitState("bad", JobState.FAILED);
    queue.add(
        JobRequest.of("mail", "{}")
            .with(options -> options.id("late").delay(java.time.Duration.ofHours(1))));
    String api = "http://127.0.0.1:" + serve() + "/board/api/queues";
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, api + "?activeQueue=test&status=completed&page=1&jobsPerPage=10"))
          .contains("\"good\"", "\"to\":\"ada\"", "\"sent\":true")
          .contains("\"completed\":1", "\"failed\":1", "\"delayed\":1");
      assertThat(get(http, api + "?activeQueue=test&status=failed&page=1&jobsPerPage=10"))
          .contains("\"bad\"", "no such host");

      assertThat(put(http, api + "/test/bad/retry")).isBetween(200, 204);
      ControlledHandler.Run again = handler.next();
      assertThat(again.job().id()).isEqualTo("bad");
      again.succeed("");
      awaitState("bad", JobState.COMPLETED);
      assertThat(put(http, api + "/test/late/promote")).isBetween(200, 204);
      handler.next().succeed("");
      awaitState("late", JobState.COMPLETED);
      assertThat(put(http, api + "/test/good/clean")).isEqualTo(204);
      assertThat(queue.find("good")).isEmpty();
    }
  }

  private static String get(HttpClient http, String url) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static int put(HttpClient http, String url) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(url))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
