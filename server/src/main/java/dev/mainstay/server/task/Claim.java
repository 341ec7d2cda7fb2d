package dev.mainstay.server.task;

/**
 * A worker's right to a task: the job that it was queued with, and the fencing token of the job's
 * claim. Every write of a run is conditional on both.
 */
record Claim(String organizationId, String taskId, String jobId, long token) {}
