import type { components } from './schema';

type Schemas = components['schemas'];

export type Task = Schemas['TaskView'];
export type TaskStatus = Task['status'];
export type Priority = Task['priority'];
export type Usage = Schemas['UsageView'];
export type CreateTask = Schemas['CreateTask'];
export type Limits = Schemas['Limits'];
export type ApiKey = Schemas['ApiKeyView'];
export type Session = Schemas['SessionView'];
export type User = Schemas['UserView'];
export type SignInOptions = Schemas['SignInOptions'];
export type Account = Schemas['AccountView'];
export type Passkey = Schemas['PasskeyView'];
export type Organization = Schemas['OrganizationView'];
export type FullOrganization = Schemas['FullOrganization'];
export type Member = Schemas['MemberView'];
export type Invitation = Schemas['Invitation'];
export type InvitationResult = Schemas['InvitationResult'];
export type Role = Schemas['RoleView'];
export type TeamMember = Schemas['TeamMember'];
export type Domain = Schemas['Domain'];
export type MembershipRequest = Schemas['MembershipRequest'];
export type AuditEntry = Schemas['AuditEntryView'];
export type InstanceOrganization = Schemas['InstanceOrganizationView'];
export type Mail = Schemas['MailView'];
export type SessionAndUser = Schemas['SessionAndUser'];
export type NewApiKey = Schemas['NewApiKey'];
export type KeyDetails = Schemas['KeyDetails'];
export type Capabilities = Schemas['Capabilities'];
export type Me = Schemas['Me'];
export type Queue = Schemas['QueueView'];
export type Job = Schemas['JobView'];
export type JobState = Job['state'];
export type NewJob = Schemas['NewJob'];
export type RateLimit = Schemas['RateLimitBody'];
export type GroupLimits = Schemas['GroupLimitsBody'];
export type JobGroup = Schemas['GroupView'];
export type QueueWorker = Schemas['WorkerView'];
export type JobFlow = Schemas['FlowView'];
export type JobEvent = Schemas['QueueEventView'];
export type QueueMetrics = Schemas['MetricsView'];
export type JobScheduler = Schemas['SchedulerView'];
export type NewScheduler = Schemas['NewScheduler'];
export type BulkAction = Schemas['BulkActionView'];
export type NewBulkAction = Schemas['NewBulkAction'];
export type Problem = Schemas['Problem'];
export type FieldError = Schemas['FieldError'];

export const STATUSES: readonly TaskStatus[] = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'canceled',
];
export const PRIORITIES: readonly Priority[] = ['P0', 'P1', 'P2', 'P3'];

/** In the order in which the API lists them. */
export const JOB_STATES: readonly JobState[] = [
  'active',
  'waiting',
  'waiting-children',
  'delayed',
  'failed',
  'completed',
];

export function isJobState(word: string | null | undefined): word is JobState {
  return JOB_STATES.some((state) => state === word);
}

export function isStatus(word: string | null | undefined): word is TaskStatus {
  return STATUSES.some((status) => status === word);
}

export function isPriority(word: string | null | undefined): word is Priority {
  return PRIORITIES.some((priority) => priority === word);
}

export function isOver(status: TaskStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}
