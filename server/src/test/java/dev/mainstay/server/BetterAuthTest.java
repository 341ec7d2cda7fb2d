package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.mainstay.server.platform.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Better Auth's own client, unmodified, walks through every endpoint of a real Better Auth server
 * and of this one; what the two answer is compared. See {@code src/test/better-auth/README.md}.
 */
class BetterAuthTest {
  private static final int SHOWN = 40;

  @TempDir static Path directory;
  private static final Map<String, List<BetterAuthDifference>> DIFFERENCES = new HashMap<>();
  private static Map<String, BetterAuthWalk> reference = Map.of();
  private static Map<String, BetterAuthWalk> again = Map.of();
  private static List<String> endpoints = List.of();
  private static List<String> unused = List.of();

  /** All walks at the same time; each server has people of its own. */
  @BeforeAll
  static void walk() throws Exception {
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    try (OidcProviderServer provider = OidcProviderServer.start(3600);
        TestServer mainstay = start(settings, provider);
        BetterAuthServer one = BetterAuthServer.start(provider.url());
        BetterAuthServer two = BetterAuthServer.start(provider.url());
        ExecutorService walks = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Map<String, BetterAuthWalk>> first = submit(walks, one.url(), Map.of());
      Future<Map<String, BetterAuthWalk>> second = submit(walks, two.url(), Map.of());
      Future<Map<String, BetterAuthWalk>> own =
          submit(walks, mainstay.mainstay().url(), Map.of("MAINSTAY_KEY", mainstay.adminKey()));
      reference = first.get();
      again = second.get();
      endpoints = one.endpoints();
      BetterAuthAllowed allowed = BetterAuthAllowed.read();
      for (String topic : BetterAuthWalk.topics()) {
        List<BetterAuthDifference> found =
            BetterAuthDifference.between(walk(reference, topic), walk(own.get(), topic));
        DIFFERENCES.put(topic, allowed.without(found));
      }
      unused = allowed.unused();
    }
  }

  private static TestServer start(Map<Setting, String> settings, OidcProviderServer provider)
      throws InterruptedException {
    settings.put(Setting.OIDC_PROVIDERS, provider.setting());
    return TestServer.start(directory, settings);
  }

  private static Future<Map<String, BetterAuthWalk>> submit(
      ExecutorService walks, URI url, Map<String, String> environment) {
    return walks.submit(() -> BetterAuthWalk.all(url, environment));
  }

  private static BetterAuthWalk walk(Map<String, BetterAuthWalk> walks, String topic) {
    return walks.getOrDefault(topic, new BetterAuthWalk(topic, List.of()));
  }

  static List<String> topics() {
    return BetterAuthWalk.topics();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void mainstayAnswersAsBetterAuthDoes(String topic) {
    BetterAuthWalk walk = walk(reference, topic);
    assertThat(walk.failure()).as("the reference's walk ends").isEmpty();
    assertThat(walk.lines()).isNotEmpty();
    List<BetterAuthDifference> found = DIFFERENCES.getOrDefault(topic, List.of());
    same(found);
  }

  private static void same(List<BetterAuthDifference> found) {
    if (!found.isEmpty()) {
      String first = found.size() + " differences, of which the first are\n";
      fail(
          found.stream()
              .limit(SHOWN)
              .map(BetterAuthDifference::toString)
              .collect(Collectors.joining("\n", first, "\n")));
    }
  }

  @Test
  void everyAllowedDifferenceOccurs() {
    assertThat(unused).as("differences.json allows what is the same").isEmpty();
  }

  /** Else a difference would say nothing. */
  @ParameterizedTest
  @MethodSource("topics")
  @Tag("once")
  void betterAuthDiffersFromItselfInNothing(String topic) {
    BetterAuthWalk walk = walk(reference, topic);
    List<BetterAuthDifference> found = BetterAuthDifference.between(walk, walk(again, topic));
    same(found);
  }

  @Test
  @Tag("once")
  void everyEndpointIsWalkedThrough() {
    Set<String> walked =
        reference.values().stream()
            .flatMap(walk -> walk.lines().stream())
            .map(line -> line.path("method").asText() + " " + line.path("path").asText())
            .map(call -> call.replaceFirst("\\?.*", "").replaceFirst("/api/auth", ""))
            .collect(Collectors.toSet());
    List<String> missing = new ArrayList<>(endpoints);
    missing.removeIf(
        endpoint ->
            walked.stream().anyMatch(call -> call.matches(endpoint.replaceAll(":\\w+", "[^/]+"))));
    assertThat(endpoints).hasSizeGreaterThan(100);
    assertThat(missing).isEmpty();
  }
}
