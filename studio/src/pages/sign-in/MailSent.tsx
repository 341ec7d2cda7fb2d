import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { Icon } from '../../ui/Icon';

interface Props {
  title: string;
  /** Actions, such as sending it again. */
  actions: ReactNode;
  children: ReactNode;
}

/** In the place of a form that has sent a mail. It takes the focus, which was on what is gone. */
export function MailSent({ title, actions, children }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section className="mail-sent" ref={box} tabIndex={-1} aria-label={title}>
      <span className="mail-sent-icon">
        <Icon name="mail" size={20} />
      </span>
      <h2>{title}</h2>
      {children}
      <div className="actions">{actions}</div>
    </section>
  );
}
