package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Consumer;

/** Something that the model can ask for. */
public interface Tool {

  ToolSpec spec();

  /**
   * Runs one call. Wrong input, a missing file, a failing command are answers for the model ({@link
   * Output#error}), not exceptions.
   *
   * @param live receives output as it appears; may be ignored
   * @throws InterruptedException if the thread is interrupted; whatever was started is dead then
   */
  Output run(JsonNode input, Consumer<String> live) throws InterruptedException;

  /**
   * What {@link #recover} needs to decide, after a crash, whether this call has happened. Asked for
   * right before a call of a tool that is not read-only begins, and committed with its start.
   * Changes nothing.
   *
   * @return text of a few hundred characters at most; empty if the tool cannot tell, as by default
   */
  default Optional<String> checkpoint(JsonNode input) {
    return Optional.empty();
  }

  /**
   * Decides a call that had begun when its process died.
   *
   * @param checkpoint what {@link #checkpoint} returned for this call
   */
  default Recovery recover(JsonNode input, String checkpoint) {
    return new Recovery.Unknown();
  }

  /** What became of an interrupted call. */
  sealed interface Recovery {
    /**
     * It has happened.
     *
     * @param output what it would have returned
     */
    record Done(Output output) implements Recovery {}

    /** It has had no effect, or none that running it again would not have: it runs again. */
    record NotDone() implements Recovery {}

    /** It may have had no effect, some, or all: the model is told so. */
    record Unknown() implements Recovery {}
  }

  /** What the model gets back: text within the tool's own cap. */
  record Output(String text, boolean isError) {

    public static Output ok(String text) {
      return new Output(text, false);
    }

    public static Output error(String text) {
      return new Output(text, true);
    }
  }
}
