// Exports models to GGUF in every form and opens them in node-llama-cpp: the ids of texts are those of 'decant tokenize', greedy text in float16 is that of 'decant generate' until the two best logits lie closer than 0.02, and vectors in float16 have a cosine of 0.9999 or more with those of 'decant predict'.
//   npm install --prefix peer node-llama-cpp@3.21.1
//   node test/consumers/gguf/check.mjs peer texts.txt MODEL_FOLDER...
// A model that is named more than once is checked once; one whose tokenizer drops spaces is compared on texts without such spaces, and without special tokens, beside which it drops them too.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');
const decant = process.env.DECANT ?? path.join(root, 'decant');
const [peer, textFile, ...folders] = process.argv.slice(2);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'decant-gguf-'));
const run = (program, args, input) => execFileSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
const ask = (file, request) => JSON.parse(run(process.execPath, [path.join(here, 'answers.mjs'), peer, file], JSON.stringify(request)));
const lines = (text) => text.trim().split('\n').map((line) => JSON.parse(line));
const fail = (message) => { console.error(message); process.exitCode = 1; };
const cosine = (a, b) => {
  let [dot, left, right] = [0, 0, 0];
  a.forEach((x, i) => { dot += x * b[i]; left += x * x; right += b[i] * b[i]; });
  return dot / Math.sqrt(left * right);
};
const all = fs.readFileSync(textFile, 'utf8').split('\n').filter((line) => line.length > 0);

for (const folder of new Set(folders)) {
  const out = path.join(work, path.basename(folder));
  const said = run(decant, ['export', folder, '--to', 'gguf', '--quantize', 'f16', 'q8_0', 'q4_0', '--out', out]).replace(/\s+/g, ' ');
  const texts = said.includes('drops spaces') ? all.filter((text) => text.trim() === text && !text.includes('  ') && !/<\/?\w+>/.test(text)) : all;
  const jsonl = path.join(work, 'texts.jsonl');
  fs.writeFileSync(jsonl, texts.map((text) => JSON.stringify({ text })).join('\n'));
  const tokenized = (...options) => lines(run(decant, ['tokenize', folder, '--file', jsonl, '--json', ...options])).map((answer) => answer.ids);
  const [own, framed] = [tokenized('--no-special'), tokenized()];
  const isEncoder = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')).architectures?.[0]?.endsWith('Model');
  const some = texts.filter((text) => text.length > 20 && text.length < 200).slice(0, 10);
  for (const form of ['F16', 'Q8_0', 'Q4_0']) {
    const file = path.join(out, `model-${form}.gguf`);
    const request = isEncoder ? { texts, vectors: some } : { texts, prompts: some.map((text) => framed[texts.indexOf(text)]), count: 40, margin: 0.02 };
    const answer = ask(file, request);
    const others = texts.filter((_, i) => JSON.stringify(answer.ids[i]) !== JSON.stringify(own[i]));
    if (others.length > 0) fail(`${file}: ${others.length} of ${texts.length} texts have other ids, the first '${others[0]}'`);
    let result;
    if (isEncoder) {
      const least = Math.min(...some.map((text, i) => cosine(answer.vectors[i], lines(run(decant, ['predict', folder, text, '--json']))[0].prediction.embedding)));
      if (form === 'F16' && least < 0.9999) fail(`${file}: expected a cosine of 0.9999 or more, came ${least}`);
      result = `least cosine ${least.toFixed(6)}`;
    } else {
      const differ = [];
      let compared = 0;
      some.forEach((text, i) => {
        const continued = lines(run(decant, ['generate', folder, '--prompt', text, '--json', '--max-tokens', '40']))[0].tokens;
        const theirs = answer.continuations[i];
        compared += theirs.length;
        if (theirs.some((id, at) => at < continued.length && id !== continued[at])) differ.push(text);
      });
      if (form === 'F16' && (differ.length > 0 || compared < 20)) fail(`${file}: greedy text differs for ${differ.length} of ${some.length} prompts (${compared} tokens compared), the first '${differ[0]}'`);
      result = `greedy text equal for ${some.length - differ.length} of ${some.length} prompts, ${compared} tokens compared`;
    }
    console.log(`${path.basename(folder)} ${form}: ${(fs.statSync(file).size / 1e6).toFixed(2)} MB, ids equal on ${texts.length - others.length} of ${texts.length} texts, ${result}`);
  }
}
fs.rmSync(work, { recursive: true });
if (!process.exitCode) console.log('The GGUF files are right.');
