import { useEffect, useState } from 'react';
import { Button } from './Button';

const SHOWN_MILLIS = 2000;

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button icon={copied ? 'check' : 'copy'} onClick={() => void copy(text).then(setCopied)}>
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  );
}

async function copy(text: string): Promise<boolean> {
  // The clipboard is missing where the page came by plain http from another machine.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    await clipboard?.writeText(text);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}
