package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
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
