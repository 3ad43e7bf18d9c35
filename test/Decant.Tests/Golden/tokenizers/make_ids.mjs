// Writes ids.json: what @huggingface/tokenizers (0.2.0) makes of texts.json with the tokenizers of this folder.
//   npm install @huggingface/tokenizers && node make_ids.mjs
// The tokenizer.json files are trained by TokenizerGoldenTests on corpus.txt. Left out of the texts, because this
// package departs from the original (Rust) library there: capital sigma at the end of a word, which it lower-cases
// by context, and Chinese characters beyond the basic plane, which it does not set apart. It takes an empty pair for none.
import fs from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

const read = (path) => JSON.parse(fs.readFileSync(new URL(path, import.meta.url)));
const texts = read('texts.json');
const result = {};
for (const name of ['wordpiece', 'wordpiece-cased', 'byte-bpe', 'byte-bpe-lower', 'unigram']) {
  const tokenizer = new Tokenizer(read(`${name}/tokenizer.json`), read(`${name}/tokenizer_config.json`));
  result[name] = texts.map((text, i) => {
    const ids = Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids);
    const pair = tokenizer.encode(text, { text_pair: texts[(i + 1) % texts.length] || 'pair', return_token_type_ids: true });
    return {
      ids,
      decoded: ids.length ? tokenizer.decode(ids, { skip_special_tokens: true }) : '',
      pairIds: Array.from(pair.ids),
      pairTypes: Array.from(pair.token_type_ids),
    };
  });
}
fs.writeFileSync(new URL('ids.json', import.meta.url), JSON.stringify(result) + '\n');
