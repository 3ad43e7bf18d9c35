// Renders every template here with every conversation, by the npm package @huggingface/jinja, with and without tools and generation prompt.
// node rendered.mjs PEER, where 'npm install --prefix PEER @huggingface/jinja' was done; then python3 rendered.py, which compares with Jinja2 and corrects.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

export async function render(peer) {
  const { Template } = await import(pathToFileURL(createRequire(resolve(peer, "package.json")).resolve("@huggingface/jinja")));
  const { tools, tokens, conversations } = JSON.parse(readFileSync(join(here, "conversations.json"), "utf8"));
  const rendered = {};
  for (const file of readdirSync(join(here, "templates")).sort()) {
    const template = new Template(readFileSync(join(here, "templates", file), "utf8"));
    rendered[file] = conversations.flatMap((messages) => [false, true].flatMap((prompt) => [null, tools].map((some) => {
      try {
        return template.render({ messages, tools: some, documents: null, add_generation_prompt: prompt, ...tokens });
      } catch {
        return null; // refused
      }
    })));
  }
  return rendered;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(here, "rendered.json"), JSON.stringify(await render(process.argv[2]), null, 0) + "\n");
