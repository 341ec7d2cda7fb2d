package dev.mainstay.server.task;

import static dev.mainstay.server.task.TaskStatus.CANCELED;
import static dev.mainstay.server.task.TaskStatus.FAILED;
import static dev.mainstay.server.task.TaskStatus.QUEUED;
import static dev.mainstay.server.task.TaskStatus.RUNNING;
import static dev.mainstay.server.task.TaskStatus.SUCCEEDED;
import static dev.mainstay.server.task.TaskStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("once") // needs no database
class TaskStatusTest {
  private static final Map<TaskStatus, Set<TaskStatus>> ALLOWED =
      Map.of(
          QUEUED, Set.of(RUNNING, CANCELED),
          RUNNING, Set.of(WAITING, SUCCEEDED, FAILED, CANCELED),
          WAITING, Set.of(QUEUED, CANCELED),
          SUCCEEDED, Set.of(),
          FAILED, Set.of(QUEUED),
          CANCELED, Set.of(QUEUED));

  @ParameterizedTest
  @MethodSource("pairs")
  void everyPairIsDecided(TaskStatus from, TaskStatus to, boolean allowed) {
    assertThat(from.next().contains(to)).isEqualTo(allowed);
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(TaskStatus.values())
        .flatMap(
            from ->
                Arrays.stream(TaskStatus.values())
                    .map(
                        to ->
                            Arguments.of(
                                from, to, ALLOWED.getOrDefault(from, Set.of()).contains(to))));
  }
}
