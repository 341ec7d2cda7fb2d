package dev.mainstay.server.admin;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Health, metrics and the API's own description. */
public final class AdminEndpoints {
  private final BooleanSupplier ready;
  private final Supplier<String> metrics;

  /**
   * @param metrics the present figures in Prometheus' text format
   */
  public AdminEndpoints(BooleanSupplier ready, Supplier<String> metrics) {
    this.ready = ready;
    this.metrics = metrics;
  }

  /** UP, and nothing that would help a stranger. */
  public record Health(String status) {}

  public List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get("/health/live", Permission.PUBLIC, "Whether the process lives")
            .answers(200, Health.class)
            .handle(call -> Answer.json(new Health("UP"))),
        Endpoint.get("/health/ready", Permission.PUBLIC, "Whether a write would succeed now")
            .answers(200, Health.class)
            .handle(this::ready),
        Endpoint.get(
                "/actuator/prometheus", Permission.SIGNED_IN, "Metrics in Prometheus' text format")
            .answersRaw("text/plain")
            .handle(
                call ->
                    new Answer.Raw(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get())),
        Endpoint.get("/openapi.json", Permission.PUBLIC, "This API, as OpenAPI 3.1")
            .answersRaw("application/json")
            .handle(call -> new Answer.Raw(200, "application/json", openapi())));
  }

  private Answer ready(Call<None> call) {
    return ready.getAsBoolean()
        ? Answer.json(new Health("UP"))
        : Answer.json(503, new Health("DOWN"));
  }

  private static String openapi() throws IOException {
    try (InputStream in = AdminEndpoints.class.getResourceAsStream("/openapi.json")) {
      if (in == null) {
        throw ProblemException.notFound("document");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
