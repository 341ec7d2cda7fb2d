/**
 * What the peers' drivers share: the words of the benchmark on standard input, an answer a line on standard output.
 *
 * A driver exports `open(url)`, which gives {@link System}. Jobs carry PAYLOAD; handlers do nothing.
 *
 * @typedef {object} System
 * @property {(data: object) => Promise<unknown>} add one job
 * @property {(data: object[]) => Promise<unknown>} addBulk
 * @property {(concurrency: number, handler: (data: object) => Promise<void>, done: () => void) => Promise<() => Promise<void>>} work
 *   starts a worker, which calls `done` after each job whose end is stored; gives what stops it
 * @property {(handler: (data: object) => Promise<void>) => Promise<() => Promise<void>>} [listen]
 *   a worker for the latency of an idle queue, if another than `work` has the lowest
 * @property {() => Promise<unknown>} clear removes all jobs
 * @property {() => Promise<unknown>} close
 */
import { createInterface } from 'node:readline';

export const PAYLOAD = { to: 'ada@example.org', subject: 'A benchmark', number: 12345678, retries: 0 };
const BULK = 1000;
/** Milliseconds; queues that look every few seconds give fewer latencies. */
const LATENCY_BUDGET = 20_000;

/** @param {(url: string) => Promise<System>} open */
export async function drive(open) {
  const system = await open(process.argv[2]);
  console.log('open');
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...numbers] = line.split(' ');
    try {
      const answer = await commands[command](system, ...numbers.map(Number));
      console.log(`ok ${answer ?? ''}`);
    } catch (error) {
      console.error(error);
      console.log(`failed ${String(error.message).split('\n')[0]}`);
    }
  }
  await system.close();
  process.exit(0);
}

const commands = {
  clear: (system) => system.clear().then(() => ''),
  async add(system, jobs, concurrency) {
    const start = process.hrtime.bigint();
    let next = 0;
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next++ < jobs) await system.add(PAYLOAD);
      }),
    );
    return nanosSince(start);
  },
  async bulk(system, jobs) {
    const start = process.hrtime.bigint();
    await fill(system, jobs);
    return nanosSince(start);
  },
  fill: (system, jobs) => fill(system, jobs).then(() => ''),
  async process(system, jobs, concurrency) {
    let done = 0;
    const start = process.hrtime.bigint();
    let stop = () => {};
    await new Promise((resolve, reject) => {
      system
        .work(concurrency, async () => {}, () => ++done === jobs && resolve())
        .then((worker) => (stop = worker), reject);
    });
    const nanos = nanosSince(start);
    await stop();
    return nanos;
  },
  /** From the call of add until the handler begins, one job at a time, on a queue that is idle. */
  async latency(system, jobs) {
    let begun;
    const listen = system.listen ?? ((handler) => system.work(1, handler, () => {}));
    const stop = await listen(async () => begun(process.hrtime.bigint()));
    const nanos = [];
    const until = Date.now() + LATENCY_BUDGET;
    for (let i = 0; i < jobs + 10 && (i < 13 || Date.now() < until); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const at = new Promise((resolve) => (begun = resolve));
      const start = process.hrtime.bigint();
      await system.add(PAYLOAD);
      const latency = (await at) - start;
      if (i >= 10) nanos.push(latency);
    }
    await stop();
    return nanos.join(' ');
  },
  /** Takes a job and never ends it. Answers once it has it. */
  async hang(system) {
    await new Promise((resolve) => {
      system.work(
        1,
        () => {
          resolve();
          return new Promise(() => {});
        },
        () => {},
      );
    });
    return '';
  },
  /** Starts a worker. Answers once it has a job. */
  async take(system) {
    await new Promise((resolve) => system.work(1, async () => resolve(), () => {}));
    return '';
  },
};

async function fill(system, jobs) {
  for (let added = 0; added < jobs; added += BULK) {
    await system.addBulk(Array(Math.min(BULK, jobs - added)).fill(PAYLOAD));
  }
}

function nanosSince(start) {
  return process.hrtime.bigint() - start;
}
