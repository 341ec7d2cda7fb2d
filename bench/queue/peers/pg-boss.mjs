import { PgBoss } from 'pg-boss';
import { drive } from './driver.mjs';

/** Workers fetch one job each, woken by NOTIFY; while there is more they fetch again at once. */
await drive(async (url) => {
  const boss = new PgBoss({ connectionString: url, max: 60, useListenNotify: true });
  boss.on('error', (error) => console.error(error.message));
  await boss.start();
  await boss.createQueue('bench', { notify: true });
  return {
    add: (data) => boss.send('bench', data),
    addBulk: (all) => boss.insert('bench', all.map((data) => ({ data }))),
    async work(concurrency, handler, done) {
      let stopped = false;
      let wake = () => {};
      // Its own work() waits between the jobs of a worker for half a second at least; loops of fetch and complete do not.
      const loops = Array.from({ length: concurrency }, async () => {
        while (!stopped) {
          const [job] = await boss.fetch('bench');
          if (job) {
            await handler(job.data);
            await boss.complete('bench', job.id);
            done();
          } else {
            await new Promise((resolve) => {
              wake = resolve;
              setTimeout(resolve, 500);
            });
          }
        }
      });
      return async () => {
        stopped = true;
        wake();
        await Promise.all(loops);
      };
    },
    async listen(handler) {
      const id = await boss.work('bench', { notifyPollingIntervalSeconds: 30, pollingIntervalSeconds: 0.5 }, async ([job]) =>
        handler(job.data),
      );
      return () => boss.offWork('bench', { id });
    },
    clear: () => boss.deleteAllJobs('bench'),
    close: async () => {
      await boss.stop();
    },
  };
});
