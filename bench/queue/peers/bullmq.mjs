import { Queue, Worker, createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { drive } from './driver.mjs';

/**
 * `redis://…` or `postgres://…`; options are BullMQ's defaults. With `keeping` as its second argument it keeps the newest 1,000 jobs and
 * metrics by the minute, as Mainstay does by default.
 */
const keeping = process.argv[3] === 'keeping';
const kept = keeping
  ? { removeOnComplete: { count: 1000 }, removeOnFail: { count: 1000 }, metrics: { maxDataPoints: 1440 } }
  : {};

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
      const worker = new classes.Worker('bench', (job) => handler(job.data), {
        connection: connection(),
        concurrency,
        ...kept,
      });
      worker.on('completed', done);
      worker.on('error', (error) => console.error(error.message));
      await worker.waitUntilReady();
      return () => worker.close();
    },
    clear: () => queue.obliterate({ force: true }),
    close: () => queue.close(),
  };
});
