import type { ReactNode } from 'react';
import { Icon } from './Icon';

interface Props {
  tone: 'info' | 'warning' | 'error';
  title?: string;
  children?: ReactNode;
}

export function Banner({ tone, title, children }: Props) {
  return (
    <div className={`banner banner-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name="alert" />
      <div>
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
