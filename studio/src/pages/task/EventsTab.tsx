import { useMemo, useState } from 'react';
import { clockTime } from '../../format/format';
import type { StoredEvent } from '../../live/event';
import type { EventState } from '../../live/eventState';
import { Button } from '../../ui/Button';
import { Output } from '../../ui/Output';

const PAGE = 200;

export function EventsTab({ state }: { state: EventState }) {
  const [type, setType] = useState('');
  const [words, setWords] = useState('');
  const [shown, setShown] = useState(PAGE);
  const types = useMemo(() => [...new Set(state.events.map((event) => event.type))].sort(), [state.events]);
  const matches = useMemo(() => {
    const wanted = words.toLowerCase();
    return state.events.filter(
      (event) =>
        (type === '' || event.type === type) &&
        (wanted === '' || JSON.stringify(event).toLowerCase().includes(wanted)),
    );
  }, [state.events, type, words]);
  return (
    <div className="events-tab">
      <div className="filters">
        <label className="search">
          <span className="visually-hidden">Filter events</span>
          <input
            type="search"
            placeholder="Filter by text"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        <label>
          <span className="visually-hidden">Event type</span>
          <select value={type} onChange={(event) => setType(event.target.value)}>
            <option value="">Any type</option>
            {types.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <span className="muted">
          {matches.length} of {state.events.length} events
        </span>
      </div>
      <ol className="raw-events">
        {matches.slice(0, shown).map((event) => (
          <RawEvent key={event.seq} event={event} />
        ))}
      </ol>
      {matches.length > shown && <Button onClick={() => setShown(shown + PAGE)}>Show more</Button>}
    </div>
  );
}

function RawEvent({ event }: { event: StoredEvent }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
        <summary>
          <span className="raw-seq">{event.seq}</span>
          <code>{event.type}</code>
          <span className="raw-line">{JSON.stringify(event.data).slice(0, 200)}</span>
          <span className="muted">{clockTime(event.at)}</span>
        </summary>
        {open && <Output text={JSON.stringify(event, null, 2)} label={`Event ${event.seq}`} />}
      </details>
    </li>
  );
}
