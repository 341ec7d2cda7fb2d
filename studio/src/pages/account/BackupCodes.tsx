import { useEffect, useRef } from 'react';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';

/** New codes, which the server shows this once. They take the focus, which was on the form before. */
export function BackupCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const text = codes.join('\n');
  return (
    <section className="backup-codes" ref={box} tabIndex={-1} aria-label="Backup codes">
      <h3>Keep your backup codes</h3>
      <p>They let you in without the app, each once. They are shown now alone; those before count no more.</p>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="actions">
        <CopyButton text={text} label="Copy all" />
        <a
          className="button button-plain"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="mainstay-backup-codes.txt"
        >
          Download
        </a>
        <Button kind="primary" onClick={onDone}>
          I have kept them
        </Button>
      </div>
    </section>
  );
}
