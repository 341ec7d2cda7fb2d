// The loop of the kind most people write: an array in memory, the official SDK, child_process.
import Anthropic from "@anthropic-ai/sdk";
import { exec } from "node:child_process";
import { promisify } from "node:util";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const run = promisify(exec);
const [baseURL, name, repeats, warm] = process.argv.slice(2);
const client = new Anthropic({ apiKey: "bench", baseURL });
const schema = (properties) => ({ type: "object", properties });
const tools = [
  { name: "bash", description: "Run a command", input_schema: schema({ command: { type: "string" } }) },
  { name: "read", description: "Read a file", input_schema: schema({ file_path: { type: "string" } }) },
  {
    name: "write",
    description: "Write a file",
    input_schema: schema({ file_path: { type: "string" }, content: { type: "string" } }),
  },
];

async function call(directory, { name, input }) {
  switch (name) {
    case "bash":
      return (await run(input.command, { cwd: directory, shell: "/bin/bash" })).stdout;
    case "read":
      return readFile(join(directory, input.file_path), "utf8");
    default:
      await writeFile(join(directory, input.file_path), input.content);
      return "written";
  }
}

for (let i = -Number(warm); i < Number(repeats); i++) {
  const directory = await mkdtemp(join(tmpdir(), "peer-"));
  const messages = [{ role: "user", content: i < 0 ? `warm-${name}${i}` : `${name}-${i}` }];
  for (;;) {
    const message = await client.messages
      .stream({ model: "bench", max_tokens: 1024, messages, tools })
      .finalMessage();
    messages.push({ role: "assistant", content: message.content });
    if (message.stop_reason !== "tool_use") break;
    const results = [];
    for (const block of message.content) {
      if (block.type === "tool_use") {
        results.push({ type: "tool_result", tool_use_id: block.id, content: await call(directory, block) });
      }
    }
    messages.push({ role: "user", content: results });
  }
}
