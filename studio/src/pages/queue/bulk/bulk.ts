import type { BulkAction, JobState } from '../../../api/types';
import { count, duration } from '../../../format/format';
import type { Search } from '../search';

export type BulkActionType = BulkAction['action'];

const ACTS: Readonly<Record<JobState, readonly BulkActionType[]>> = {
  active: ['cancel'],
  waiting: ['cancel', 'remove'],
  'waiting-children': ['remove'],
  delayed: ['promote', 'cancel', 'remove'],
  failed: ['retry', 'remove'],
  completed: ['retry', 'remove'],
};

const VERBS: Readonly<Record<BulkActionType, string>> = {
  retry: 'Retry',
  promote: 'Promote',
  cancel: 'Cancel',
  remove: 'Remove',
};

const EFFECTS: Readonly<Record<BulkActionType, string>> = {
  retry: 'They wait again; their attempts go on counting.',
  promote: 'They wait now, whenever they were due.',
  cancel: 'They fail and are not tried again; handlers that run are interrupted.',
  remove: 'They go with their results and logs. This cannot be undone.',
};

const STATES: Readonly<Record<JobState, string>> = {
  active: 'active jobs',
  waiting: 'waiting jobs',
  'waiting-children': 'jobs that wait for children',
  delayed: 'delayed jobs',
  failed: 'failed jobs',
  completed: 'completed jobs',
};

/** What can be done to all jobs of a state. */
export function actsOn(state: JobState): readonly BulkActionType[] {
  return ACTS[state];
}

export function verb(action: BulkActionType): string {
  return VERBS[action];
}

export function effect(action: BulkActionType): string {
  return EFFECTS[action];
}

/** “failed jobs named mail with “smtp” in them”. */
export function jobsWords(state: JobState, { name, text }: Search): string {
  return [STATES[state], name && `named ${name}`, text && `with “${text}” in them`].filter(Boolean).join(' ');
}

/** What an action does, in words. */
export function title(action: BulkAction): string {
  const search = { name: action.name ?? undefined, text: action.text ?? undefined };
  return `${verb(action.action)} ${jobsWords(action.state, search)}`;
}

export function isUnfinished({ status }: Pick<BulkAction, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** How far it is, in words. */
export function progressWords(action: BulkAction): string {
  if (action.status === 'queued') return 'Waits for a worker of the server';
  const looked =
    action.total == null ? count(action.scanned) : `${count(action.scanned)} of ${count(action.total)}`;
  const done = `${count(action.changed)} changed`;
  const skipped = action.skipped > 0 ? `, ${count(action.skipped)} could not be` : '';
  if (action.status === 'running') return `${looked} looked at, ${done}${skipped}`;
  const took =
    action.startedAt && action.finishedAt
      ? ` in ${duration(Date.parse(action.finishedAt) - Date.parse(action.startedAt))}`
      : '';
  return `${count(action.scanned)} looked at, ${done}${skipped}${took}`;
}
