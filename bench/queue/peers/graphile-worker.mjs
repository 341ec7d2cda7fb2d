import { EventEmitter } from 'node:events';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { drive } from './driver.mjs';

/** With `batched` as its second argument in the mode that its own benchmark uses, else as it is by default. */
const batched = process.argv[3] === 'batched';
const logger = new Logger(() => (level, message) => level === 'error' && console.error(message));

await drive(async (url) => {
  const pool = new pg.Pool({ connectionString: url, max: 60 });
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  return {
    add: (data) => utils.addJob('job', data),
    addBulk: (all) => utils.addJobs(all.map((payload) => ({ identifier: 'job', payload }))),
    async work(concurrency, handler, done) {
      const events = new EventEmitter();
      events.on('job:complete', done);
      const runner = await run({
        pgPool: pool,
        concurrency,
        logger,
        events,
        noHandleSignals: true,
        taskList: { job: handler },
        preset: batched
          ? {
              worker: {
                localQueue: { size: 500 },
                completeJobBatchDelay: 0,
                failJobBatchDelay: 0,
              },
            }
          : undefined,
      });
      return () => runner.stop();
    },
    clear: () => pool.query('truncate graphile_worker._private_jobs'),
    close: () => utils.release(),
  };
});
