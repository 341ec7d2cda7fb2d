import type { ReactNode } from 'react';
import { explain } from '../format/problems';
import { Banner } from './Banner';

interface Props {
  error: unknown;
  /** What did not happen, where the error has no sentence of its own. */
  title: string;
  children?: ReactNode;
}

/** An error in people's words; nothing if there is none. */
export function ProblemBanner({ error, title, children }: Props) {
  if (error == null) return null;
  const explanation = explain(error, title);
  return (
    <Banner tone="error" title={explanation.title}>
      {explanation.advice}
      {children}
    </Banner>
  );
}
