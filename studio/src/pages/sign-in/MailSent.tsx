import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useSendsMail } from '../../app/signInOptions';
import { Icon } from '../../ui/Icon';

interface Props {
  /** Actions, such as sending it again. */
  actions: ReactNode;
  children: ReactNode;
}

/** Replaces a form that has asked for a mail. It takes the focus, which was on the form. */
export function MailSent({ actions, children }: Props) {
  const sends = useSendsMail();
  const title = sends ? 'Check your email' : 'Ask your administrator for the link';
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
