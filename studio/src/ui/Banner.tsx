import type { ReactNode } from 'react';
import { Icon } from './Icon';

interface Props {
  tone: 'info' | 'success' | 'warning' | 'error';
  title?: string;
  children?: ReactNode;
}

export function Banner({ tone, title, children }: Props) {
  const wrong = tone === 'error';
  return (
    <div
      className={`banner banner-${tone}`}
      role={wrong ? 'alert' : 'status'}
      // What went wrong can have the focus, so that nobody has to look for it.
      tabIndex={wrong ? -1 : undefined}
    >
      <Icon name={tone === 'success' ? 'check' : 'alert'} />
      <div>
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
