package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What counts as a difference between two walks, and what is allowed. */
@Tag("once") // needs no database
class BetterAuthDifferenceTest {
  private static final String OK =
      """
      {"topic":"t","step":"s","method":"GET","path":"/p","status":200,"location":null,
       "cookies":["a; Path=/","a; Max-Age=0"],"shape":{"user":{"id":"id"},"list":["x","y"],"none":[]}}
      """;
  private static final String ERROR =
      """
      {"topic":"t","step":"s","method":"GET","path":"/p","status":400,"location":null,"cookies":[],
       "shape":{"code":"WRONG","message":true}}
      """;

  private static BetterAuthWalk walk(String... lines) {
    return new BetterAuthWalk("t", Stream.of(lines).map(Json::read).toList());
  }

  private static List<String> differences(String one, String two) {
    return BetterAuthDifference.between(walk(one), walk(two)).stream()
        .map(found -> found.what() + ": " + found.reference() + " / " + found.other())
        .toList();
  }

  @Test
  void whatIsTheSameDiffersInNothing() {
    assertThat(differences(OK, OK)).isEmpty();
    assertThat(differences(ERROR, ERROR)).isEmpty();
  }

  @Test
  void eachPartIsNamed() {
    assertThat(differences(OK, OK.replace("\"id\":\"id\"", "\"name\":\"string\"")))
        .containsExactly("body.user.id: id / (absent)", "body.user.name: (absent) / string");
    assertThat(differences(OK, OK.replace("\"x\",", "")))
        .containsExactly("body.list[0]: x / y", "body.list[1]: y / (absent)");
    assertThat(differences(OK, OK.replace("\"none\":[]", "\"none\":\"null\"")))
        .containsExactly("body.none: [] / null");
    assertThat(differences(OK, OK.replace("; Path=/", "")))
        .containsExactly("cookie a: ; Path=/; Max-Age=0 / ; Max-Age=0");
    assertThat(differences(OK, OK.replace("\"location\":null", "\"location\":\"/a\"")))
        .containsExactly("location: (absent) / /a");
    assertThat(differences(OK, OK.replace("/p", "/q"))).containsExactly("request: GET /p / GET /q");
  }

  /** Another status has another body; that it differs says nothing more. */
  @Test
  void bodiesOfDifferentStatusesAreNotCompared() {
    assertThat(differences(OK, ERROR.replace("[]", "[\"a; Path=/\",\"a; Max-Age=0\"]")))
        .containsExactly("status: 200 / 400");
  }

  @Test
  void errorsAreComparedAsFarAsTheReferenceGoes() {
    String bare = ERROR.replace("\"WRONG\"", "null").replace("true", "false");
    assertThat(differences(bare, ERROR)).isEmpty();
    assertThat(differences(ERROR, bare))
        .containsExactly("body.code: WRONG / null", "body.message: true / false");
    assertThat(differences(ERROR, ERROR.replace("WRONG", "OTHER")))
        .containsExactly("body.code: WRONG / OTHER");
  }

  @Test
  void aWalkThatBreaksOffIsOneDifference() {
    BetterAuthWalk whole = walk(OK, OK.replace("\"s\"", "\"s2\""), OK.replace("\"s\"", "\"s3\""));
    BetterAuthWalk broken = walk(OK, "{\"topic\":\"t\",\"step\":\"s\",\"failed\":\"no mail\"}");
    assertThat(BetterAuthDifference.between(whole, broken))
        .extracting(BetterAuthDifference::what)
        .containsExactly("calls", "walk");
    assertThat(BetterAuthDifference.between(walk(OK), broken))
        .extracting(BetterAuthDifference::what)
        .containsExactly("walk");
    assertThat(BetterAuthDifference.between(walk(OK, OK), walk(OK)))
        .extracting(BetterAuthDifference::what)
        .containsExactly("calls");
  }

  @Test
  void aDifferenceIsAllowedByNameOrPattern() {
    List<BetterAuthDifference> found =
        BetterAuthDifference.between(walk(OK), walk(OK.replace("\"id\":\"id\"", "\"id\":\"x\"")));
    for (String what : List.of("body.user.id", "body.*.id", "body*", "*")) {
      BetterAuthAllowed allowed = allowed("t", "*", what);
      assertThat(allowed.without(found)).as(what).isEmpty();
      assertThat(allowed.unused()).as(what).isEmpty();
    }
    for (BetterAuthAllowed allowed :
        List.of(
            allowed("t", "*", "body.user"),
            allowed("other", "*", "*"),
            allowed("t", "other", "*"),
            allowed("t", "s", "body.user.i."))) {
      assertThat(allowed.without(found)).isEqualTo(found);
      assertThat(allowed.unused()).hasSize(1);
    }
  }

  private static BetterAuthAllowed allowed(String topic, String step, String what) {
    return BetterAuthAllowed.parse(
        "[{\"topic\":\"%s\",\"step\":\"%s\",\"what\":\"%s\",\"why\":\"It is meant.\"}]"
            .formatted(topic, step, what));
  }
}
