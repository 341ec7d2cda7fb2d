const LIMIT = 'Retry goes on from the last step, with the same limit counted anew.';

/** What a failed task's code means for the person who reads it. Codes that are not listed have their message alone. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  max_turns: `The run used up its turns. ${LIMIT}`,
  max_tokens: `The run used up its tokens. ${LIMIT}`,
  max_cost: `The run used up its money. ${LIMIT}`,
  max_duration: `The run used up its time. ${LIMIT}`,
  price_unknown: 'A cost limit cannot be kept for a model without a known price.',
  no_model: 'The server has no model for this task. Once it is configured, retry goes on.',
  model_error: 'The model could not be reached or kept failing. Retry goes on from the last step.',
  model_refused: 'The model declined to go on. Another wording of the task may help.',
  context_overflow: 'The conversation no longer fits into the model’s context.',
  canceled: 'Somebody canceled it. Retry goes on from the last step.',
  internal: 'The server itself failed. Its log names the reason.',
};

export function explainError(code: string): string | undefined {
  return EXPLANATIONS[code];
}
