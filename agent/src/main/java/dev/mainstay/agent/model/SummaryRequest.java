package dev.mainstay.agent.model;

/** How a model is asked to summarize a conversation that becomes too long. */
public final class SummaryRequest {

  /** The last text of the request; nothing else makes a call a request for a summary. */
  public static final String INSTRUCTION =
      """
      This conversation becomes too long and will be replaced by a summary that you write now. \
      Do not call tools and do not go on with the work. Write, in plain text, all that is needed \
      to go on without the conversation:
      1. Goal: what the user wants, with every constraint, and every later message of the user \
      that is not yet dealt with, word for word.
      2. Decisions: what was decided and why; what was tried and did not work.
      3. Files: which files were read or changed, with the facts and code that matter.
      4. State: what works, what fails, the last results of commands.
      5. Next step: exactly what to do next.""";

  private SummaryRequest() {}
}
