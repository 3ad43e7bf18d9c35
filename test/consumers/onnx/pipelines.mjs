// Whether the pipelines of @huggingface/transformers, and onnxruntime-node with @huggingface/tokenizers where it does not know the family, answer as `decant predict` and `decant generate` do,
// from the exported folders alone. A folder is named after its task: text-classification-bert.
//   node pipelines.mjs FOLDER_OF_FOLDERS PEER
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { texts, tolerance, distance, softmax } from './texts.mjs';

const [home, peer] = process.argv.slice(2).map((p) => path.resolve(p));
const load = createRequire(path.join(peer, 'x.js'));
const { pipeline, env } = await import(pathToFileURL(path.join(peer, 'node_modules/@huggingface/transformers/dist/transformers.node.mjs')));
const ort = load('onnxruntime-node');
const { Tokenizer } = load('@huggingface/tokenizers');
const decant = fileURLToPath(new URL('../../../decant', import.meta.url));
env.localModelPath = home;
env.allowRemoteModels = false;

const forms = { fp32: 'model.onnx', q8: 'model_quantized.onnx', int8: 'model_int8.onnx', q4: 'model_q4.onnx', fp16: 'model_fp16.onnx' };
const unknown = ['lstm', 'textcnn']; // families that transformers.js does not know
const tokensToGenerate = 60;
let faults = 0;

for (const name of fs.readdirSync(home).sort()) {
  const folder = path.join(home, name);
  const task = Object.keys(texts).find((t) => name.startsWith(t));
  const expected = task === 'text-generation' ? generated(folder, texts[task]) : predicted(folder, texts[task]);
  for (const [dtype, file] of Object.entries(forms).filter(([, f]) => fs.existsSync(path.join(folder, 'onnx', f)))) {
    let difference;
    try {
      const answer = unknown.some((family) => name.endsWith(family)) ? await bySession(folder, file) : await byPipeline(task, name, dtype);
      difference = 0;
      for (let i = 0; i < texts[task].length; i++) difference = Math.max(difference, distance(task, expected[i], await answer(texts[task][i])));
    } catch (error) {
      console.error(error);
      difference = NaN;
    }
    const isFault = !(difference <= tolerance(task, dtype));
    faults += isFault;
    console.log(`${isFault ? 'FAULT ' : ''}${name} ${dtype}: ${task === 'text-generation' ? `${difference} of ${texts[task].length} texts differ` : `largest difference ${difference.toExponential(1)}`}`);
  }
}
console.log(`transformers.js ${env.version}: ${faults} faults`);
process.exit(faults ? 1 : 0);

function decantLines(command, args) {
  return execFileSync(decant, [command, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').map((line) => JSON.parse(line));
}

function predicted(folder, lines) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'decant-')), 'texts.txt');
  fs.writeFileSync(file, lines.join('\n') + '\n');
  return decantLines('predict', [folder, '--file', file]).map((line) => line.prediction);
}

function generated(folder, prompts) {
  return decantLines('generate', [folder, '--json', '--max-tokens', String(tokensToGenerate), ...prompts.flatMap((p) => ['--prompt', p])]).map((line) => line.prompt + line.text);
}

async function byPipeline(task, name, dtype) {
  const run = await pipeline(task, name, { dtype, session_options: { intraOpNumThreads: 1 } });
  switch (task) {
    case 'text-classification':
      return async (text) => Object.fromEntries((await run(text, { top_k: null })).map(({ label, score }) => [label, score]));
    case 'token-classification':
      return async (text) => {
        const tokens = await run(text, { ignore_labels: [] });
        const starts = text.split(' ').reduce((at, word) => [...at, at.at(-1) + run.tokenizer(word, { add_special_tokens: false }).input_ids.dims[1]], [0]);
        return starts.slice(0, -1).map((start) => tokens[start].entity);
      };
    case 'fill-mask':
      return async (text) => Object.fromEntries((await run(text, { top_k: 5 })).map(({ token, score }) => [token, score]));
    case 'feature-extraction':
      return async (text) => Array.from((await run(text, { pooling: 'mean', normalize: true })).data);
    default:
      return async (text) => (await run(text, { max_new_tokens: tokensToGenerate, do_sample: false }))[0].generated_text;
  }
}

// Of a classifier.
async function bySession(folder, file) {
  const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  const tokenizer = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
  const labels = read('config.json').id2label;
  const session = await ort.InferenceSession.create(path.join(folder, 'onnx', file), { intraOpNumThreads: 1 });
  return async (text) => {
    const ids = BigInt64Array.from(Array.from(tokenizer.encode(text).ids, BigInt));
    const whole = (data) => new ort.Tensor('int64', data, [1, data.length]);
    const { logits } = await session.run({ input_ids: whole(ids), attention_mask: whole(ids.map(() => 1n)) });
    return Object.fromEntries(softmax(logits.data).map((p, i) => [labels[i], p]));
  };
}
