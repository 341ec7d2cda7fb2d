package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.queue.QueueName;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the studio's browser tests (studio/e2e) against a real server with the scripted model. They
 * drive the system's Chromium and fail with its name where there is none. Screenshots are left in
 * studio/target/screenshots.
 */
@Tag("once") // long, and sees the API alone, which is tested on both databases
class StudioBrowserTest {
  private static final int MINUTES = 20;

  @Test
  void peopleCanWorkWithTheStudio(@TempDir Path directory) throws Exception {
    TestRepository repository =
        TestRepository.create(
            directory,
            "sample",
            Map.of(
                "README.md", "# Greeter\n",
                "greet.sh", "#!/usr/bin/env bash\necho \"Helo, $1!\"\n",
                "test.sh",
                    """
                    #!/usr/bin/env bash
                    [ "$(bash greet.sh world)" = "Hello, world!" ] && echo PASS || { echo FAIL; exit 1; }
                    """));
    try (OidcProviderServer provider = OidcProviderServer.start(3600);
        TestServer server =
            TestServer.start(
                directory,
                Map.of(
                    Setting.OIDC_PROVIDERS,
                    provider.setting(),
                    Setting.MODEL,
                    "scripted",
                    Setting.LOCAL_REPOS,
                    directory.toRealPath().toString(),
                    Setting.SIGN_UP,
                    "open",
                    Setting.RATE_LIMITS,
                    "off"));
        Worker worker = worker(server)) {
      Path log = directory.resolve("e2e.log");
      ProcessBuilder tests =
          new ProcessBuilder("npm", "run", "--silent", "e2e")
              .directory(Path.of("../studio").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              // Maven talks to this process by its standard streams; a child must not have them.
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
      Map<String, String> environment = tests.environment();
      environment.put("CI", "true");
      environment.put("MAINSTAY_URL", server.mainstay().url().toString());
      environment.put("MAINSTAY_KEY", server.key());
      environment.put("MAINSTAY_ADMIN_KEY", adminKey(server));
      environment.put(
          "MAINSTAY_LINK",
          server.mainstay().url()
              + "/sign-in#token="
              + server.mainstay().identity().createSignInLink());
      environment.put("E2E_REPO", repository.url());
      Process process = tests.start();
      try {
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        assertThat(ended).as("ends in time: %s", Files.readString(log)).isTrue();
        assertThat(process.exitValue()).as("npm run e2e: %s", Files.readString(log)).isZero();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  /** With every scope, the instance's administration too. */
  private static String adminKey(TestServer server) {
    List<String> scopes =
        Arrays.stream(Permission.values())
            .map(Permission::scope)
            .filter(s -> !s.isEmpty())
            .toList();
    return server.mainstay().identity().createOwnerKey("admin", scopes).key();
  }

  /** Runs the jobs of the queue {@code worked}. */
  private static Worker worker(TestServer server) throws Exception {
    String organization = server.client().get("/api/me").json().path("organizationId").asText();
    return server
        .mainstay()
        .queues()
        .openOrCreate(new QueueName(organization, "worked"))
        .work(
            WorkerOptions.of("e2e", 2),
            (job, context) -> {
              context.log(job.name() + " begins");
              if (job.name().equals("bad")) {
                throw new IllegalStateException("this one is bad");
              }
              return "{\"handled\":\"" + job.name() + "\"}";
            });
  }
}
