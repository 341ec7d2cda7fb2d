package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the studio's browser tests (studio/e2e) against a real server with the scripted model. They
 * drive the system's Chromium and fail with its name where there is none. Screenshots are left in
 * studio/target/screenshots.
 */
class StudioBrowserTest {
  private static final int MINUTES = 10;

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
    try (TestServer server =
        TestServer.start(
            directory,
            Map.of(
                Setting.MODEL,
                "scripted",
                Setting.LOCAL_REPOS,
                directory.toRealPath().toString()))) {
      ProcessBuilder tests =
          new ProcessBuilder("npm", "run", "--silent", "e2e")
              .directory(Path.of("../studio").toFile())
              .inheritIO();
      Map<String, String> environment = tests.environment();
      environment.put("CI", "true");
      environment.put("MAINSTAY_URL", server.mainstay().url().toString());
      environment.put("MAINSTAY_KEY", server.key());
      environment.put(
          "MAINSTAY_LINK",
          server.mainstay().url()
              + "/sign-in#token="
              + server.mainstay().identity().createSignInLink());
      environment.put("E2E_REPO", repository.url());
      Process process = tests.start();
      try {
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("ends in time").isTrue();
        assertThat(process.exitValue()).as("exit code of npm run e2e").isZero();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
