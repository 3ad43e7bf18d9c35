// The peer of `decant bench tokenizers`: @huggingface/tokenizers on one core.
//   npm install @huggingface/tokenizers
//   node bench/peers/tokenizers.mjs TOKENIZER_FOLDER TEXT_FILE NODE_MODULES_PARENT
// Says "ready", then, for each line on its input, encodes all lines of the text once and says how long that took and how many ids it gave.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

const [folder, file, parent] = process.argv.slice(2);
const { Tokenizer } = createRequire(path.resolve(parent, 'x.js'))('@huggingface/tokenizers');
const tokenizer = new Tokenizer(JSON.parse(fs.readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')), {});
const lines = fs.readFileSync(file, 'utf8').split('\n');
console.log(JSON.stringify({ ready: true }));
for await (const _ of readline.createInterface({ input: process.stdin })) {
  const start = performance.now();
  let ids = 0;
  for (const line of lines) ids += tokenizer.encode(line, { add_special_tokens: false }).ids.length;
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, ids }));
}
