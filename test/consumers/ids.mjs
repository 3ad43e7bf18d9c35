// The ids that @huggingface/tokenizers gives for each line of its input, with the tokens that a model wants around a text.
//   npm install --prefix peer @huggingface/tokenizers
//   node test/consumers/ids.mjs MODEL_FOLDER peer < texts.txt
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [folder, parent] = process.argv.slice(2);
const { Tokenizer } = createRequire(path.resolve(parent, 'x.js'))('@huggingface/tokenizers');
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const tokenizer = new Tokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
for (const line of fs.readFileSync(0, 'utf8').replace(/\n$/, '').split('\n')) console.log(JSON.stringify(Array.from(tokenizer.encode(line).ids, Number)));
