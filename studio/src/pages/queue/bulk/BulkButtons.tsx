import { useState } from 'react';
import type { JobState, Queue } from '../../../api/types';
import { Button } from '../../../ui/Button';
import type { Search } from '../search';
import { isSearch } from '../search';
import { BulkDialog } from './BulkDialog';
import type { BulkActionType } from './bulk';
import { actsOn, verb } from './bulk';

interface Props {
  queue: Queue;
  state: JobState;
  search: Search;
}

/** What can be done to all jobs of the list, those too that are not shown. */
export function BulkButtons({ queue, state, search }: Props) {
  const [asked, setAsked] = useState<BulkActionType>();
  if (queue.counts[state] === 0) return null;
  return (
    <div className="bulk-buttons">
      {actsOn(state).map((action) => (
        <Button key={action} onClick={() => setAsked(action)}>
          {verb(action)} all{isSearch(search) && ' that match'} …
        </Button>
      ))}
      {asked && (
        <BulkDialog
          queue={queue}
          action={asked}
          state={state}
          search={search}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
