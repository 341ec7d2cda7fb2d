/**
 * A process with BullMQ in it, for the tests of the Redis engine. It is started with the port of Redis, a prefix and the
 * name of a queue. Each line of standard input is the body of an async function, as a JSON string; what it returns, or the
 * message of its error, is a line of standard output. State is kept between them in `state`.
 */
import { createInterface } from 'node:readline';
import * as bullmq from 'bullmq';
import { Redis } from 'ioredis';

const [port, prefix, name] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const queue = new bullmq.Queue(name, { connection, prefix });
const redis = new Redis(connection);
const AsyncFunction = (async () => {}).constructor;
const scope = { bullmq, queue, redis, connection, prefix, name, state: {} };
const names = Object.keys(scope);
const values = Object.values(scope);

await queue.waitUntilReady();
answer({ value: 'ready' });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const value = await new AsyncFunction(...names, JSON.parse(line))(...values);
    answer({ value: value ?? null });
  } catch (error) {
    answer({ error: String(error?.stack ?? error) });
  }
}
process.exit(0);

function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
