// What node-llama-cpp makes of a GGUF file: a JSON object with the ids of every text, greedy continuations of prompts up to the first token whose two best logits lie closer than a margin, or the vectors of texts.
//   node answers.mjs PEER FILE < request.json
// The request: { "texts": [...], "prompts": [[ids]], "count": 40, "margin": 0.02, "vectors": [...] }; PEER is a folder with node_modules/node-llama-cpp.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [peer, file] = process.argv.slice(2);
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(path.resolve(peer, 'node_modules/node-llama-cpp/dist/index.js')).href);
const request = JSON.parse(fs.readFileSync(0, 'utf8'));
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: path.resolve(file), gpuLayers: 0 });
const answer = {};

if (request.texts) answer.ids = request.texts.map((text) => Array.from(model.tokenize(text, true), Number));

if (request.prompts) {
  const context = await model.createContext({ contextSize: 512, sequences: 1 });
  const sequence = context.getSequence();
  answer.continuations = [];
  for (const prompt of request.prompts) {
    await sequence.clearHistory();
    const made = [];
    let next = prompt;
    while (made.length < request.count) {
      const input = next.map((id, at) => (at === next.length - 1 ? [id, { generateNext: { probabilities: true, options: { temperature: 0 } } }] : id));
      const output = await sequence.controlledEvaluate(input);
      const best = [...output[next.length - 1].next.probabilities].sort((a, b) => b[1] - a[1]);
      if (best.length > 1 && Math.log(best[0][1] / best[1][1]) < request.margin) break;
      made.push(Number(best[0][0]));
      next = [best[0][0]];
    }
    answer.continuations.push(made);
  }
}

if (request.vectors) {
  const context = await model.createEmbeddingContext({ contextSize: 512 });
  answer.vectors = [];
  for (const text of request.vectors) answer.vectors.push(Array.from((await context.getEmbeddingFor(text)).vector));
}

await new Promise((done) => process.stdout.write(JSON.stringify(answer), done)); // all of it, before the exit
process.exit(0);
