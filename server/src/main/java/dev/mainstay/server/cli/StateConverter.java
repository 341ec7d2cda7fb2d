package dev.mainstay.server.cli;

import dev.mainstay.queue.JobState;
import dev.mainstay.server.queue.JobStateName;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A job's state by its word. */
final class StateConverter implements ITypeConverter<JobState>, Iterable<String> {

  static String word(JobState state) {
    return JobStateName.of(state).word();
  }

  @Override
  public JobState convert(String text) {
    return JobStateName.find(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\"%s\" is none of %s".formatted(text, String.join(", ", this))))
        .state();
  }

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(JobStateName.values()).map(JobStateName::word).iterator();
  }
}
