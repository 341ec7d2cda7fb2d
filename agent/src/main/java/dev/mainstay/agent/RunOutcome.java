package dev.mainstay.agent;

/** How the loop ended. A lost lease or an interrupt is not an outcome: those are exceptions. */
public sealed interface RunOutcome {

  /** The model ended its turn and nobody had more to say. {@code summary}: its last text. */
  record Finished(String summary) implements RunOutcome {}

  /**
   * The run must not go on.
   *
   * @param code stable: {@code max_turns}, {@code max_tokens}, {@code max_cost}, {@code
   *     max_duration}, {@code price_unknown}, {@code model_error}, {@code model_refused}, {@code
   *     context_overflow}
   * @param message one sentence for a person
   */
  record Failed(String code, String message) implements RunOutcome {}
}
