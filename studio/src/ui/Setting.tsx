import type { ReactNode } from 'react';
import { useId } from 'react';

interface Props {
  title: string;
  about: ReactNode;
  children: ReactNode;
}

/** A part of the account: what it is beside what is done to it. */
export function Setting({ title, about, children }: Props) {
  const heading = useId();
  return (
    <section className="setting" aria-labelledby={heading}>
      <div>
        <h2 id={heading}>{title}</h2>
        <p className="muted">{about}</p>
      </div>
      <div>{children}</div>
    </section>
  );
}
