package dev.mainstay.agent.tool;

/** What the model did wrong or asked in vain, as the sentence that it gets back. */
final class ToolFailure extends Exception {
  private static final long serialVersionUID = 1L;

  ToolFailure(String sentence) {
    super(sentence, null, false, false);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
