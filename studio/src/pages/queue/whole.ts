/**
 * A whole number of a field that may be empty; what is none is noted by the field's name.
 */
export function whole(
  text: string,
  field: string,
  errors: Record<string, string>,
  least = 0,
): number | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    errors[field] = least > 0 ? `must be a whole number from ${least}` : 'must be a whole number';
    return undefined;
  }
  return value;
}

/** JSON of a field; nothing is null. */
export function json(text: string, field: string, errors: Record<string, string>): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    errors[field] = error instanceof Error ? `is not valid JSON: ${error.message}` : 'is not valid JSON';
    return null;
  }
}
