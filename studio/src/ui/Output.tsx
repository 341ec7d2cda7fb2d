import { useState } from 'react';
import { plainOutput } from '../format/terminal';
import { Button } from './Button';

const LINES = 30;
const CHARS = 6000;

/** What a program printed: as plain text, and clipped until all is asked for. */
export function Output({ text, label }: { text: string; label: string }) {
  const [all, setAll] = useState(false);
  const plain = plainOutput(text);
  const lines = plain.split('\n');
  const long = lines.length > LINES || plain.length > CHARS;
  const shown = long && !all ? lines.slice(0, LINES).join('\n').slice(0, CHARS) : plain;
  return (
    <div className="output">
      <pre aria-label={label}>{shown === '' ? <span className="muted">(empty)</span> : shown}</pre>
      {long && (
        <Button kind="quiet" onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${lines.length} lines`}
        </Button>
      )}
    </div>
  );
}
