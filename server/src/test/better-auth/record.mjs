/**
 * node record.mjs <url> [<topic> …]: walks through topics, all where none is named, and prints one JSON line per call. With
 * MAINSTAY_KEY the server is a Mainstay, and the key its owner's; without, the reference.
 */
import { readdirSync } from 'node:fs';
import { serverAt } from './harness/servers.mjs';
import { walk } from './harness/walk.mjs';

const [url, ...named] = process.argv.slice(2);
const all = readdirSync(new URL('walk/', import.meta.url)).map((file) => file.replace('.mjs', ''));
const server = serverAt(url, process.env.MAINSTAY_KEY);
for (const topic of named.length > 0 ? named : all.sort()) {
  const { default: scenario } = await import(`./walk/${topic}.mjs`);
  await walk(topic, scenario, server, (line) => process.stdout.write(`${JSON.stringify(line)}\n`));
}
process.exit(0);
