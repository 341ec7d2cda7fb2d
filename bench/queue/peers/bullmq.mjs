import { Queue, Worker, createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { drive } from './driver.mjs';

/** `redis://…` or `postgres://…`; options are BullMQ's defaults. */
await drive(async (url) => {
  const redis = url.startsWith('redis:');
  let classes = { Queue, Worker };
  let connection;
  if (redis) {
    connection = () => new Redis(url, { maxRetriesPerRequest: null });
  } else {
    const client = new pg.Client(url);
    await client.connect();
    await runMigrations(client);
    await client.end();
    classes = withBackend(createPostgresBackend);
    connection = () => url;
  }
  const queue = new classes.Queue('bench', { connection: connection() });
  queue.on('error', (error) => console.error(error.message));
  await queue.waitUntilReady();
  return {
    add: (data) => queue.add('job', data),
    addBulk: (all) => queue.addBulk(all.map((data) => ({ name: 'job', data }))),
    async work(concurrency, handler, done) {
      const worker = new classes.Worker('bench', (job) => handler(job.data), { connection: connection(), concurrency });
      worker.on('completed', done);
      worker.on('error', (error) => console.error(error.message));
      await worker.waitUntilReady();
      return () => worker.close();
    },
    clear: () => queue.obliterate({ force: true }),
    close: () => queue.close(),
  };
});
