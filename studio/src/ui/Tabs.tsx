import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useId } from 'react';

interface Props {
  label: string;
  tabs: readonly { id: string; label: string }[];
  selected: string;
  onSelect: (id: string) => void;
  /** The selected tab's panel. */
  children: ReactNode;
}

/** Tabs after the WAI-ARIA pattern: one tab stop, arrow keys move. */
export function Tabs({ label, tabs, selected, onSelect, children }: Props) {
  const id = useId();
  // On a phone the tabs are wider than the screen.
  useEffect(() => {
    document.getElementById(`${id}-${selected}`)?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [id, selected]);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const now = tabs.findIndex((tab) => tab.id === selected);
    const next = tabs[(now + step + tabs.length) % tabs.length];
    if (next) {
      event.preventDefault();
      onSelect(next.id);
      document.getElementById(`${id}-${next.id}`)?.focus();
    }
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab.id === selected}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
            onKeyDown={move}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${selected}`}>
        {children}
      </div>
    </>
  );
}
