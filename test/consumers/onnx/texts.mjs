// What the pipelines are asked, and by how much their answers may differ from Decant's.

const sentences = ['the cat sat on the mat', 'red dogs of war', 'the old man and the sea went home again', 'number 7 is a lucky number, they say!', 'x'];

export const texts = {
  'text-classification': sentences,
  'token-classification': ['the cat sat on the mat', 'red dogs of war', 'the old man and the sea went home again', 'x'],
  'fill-mask': ['the cat [MASK] on the mat', '[MASK] dogs of war'],
  'feature-extraction': sentences,
  'text-generation': ['Once upon a time', 'the cat sat'],
};

// The float32 files must agree; what quantization costs is measured elsewhere, and here it is enough that a file opens and its numbers are numbers.
export const tolerance = (task, dtype) => (dtype !== 'fp32' ? Infinity : task === 'text-generation' || task === 'token-classification' ? 0 : 1e-5);

// `expected` is a prediction of decant's, `came` what the pipeline gives; the number of differences, or the largest.
export function distance(task, expected, came) {
  switch (task) {
    case 'text-classification':
      return largest(Object.entries(expected.probabilities).map(([label, p]) => p - came[label]));
    case 'token-classification':
      return expected.tags.length === came.length ? expected.tags.filter((tag, i) => tag !== came[i]).length : NaN;
    case 'fill-mask':
      return largest(expected.masks[0].map(({ id, probability }) => probability - (came[id] ?? 0)));
    case 'feature-extraction':
      return largest(normalised(expected.embedding).map((x, i) => x - came[i]));
    default:
      return expected === came ? 0 : 1;
  }
}

export function softmax(logits) {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (l) => Math.exp(l - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((p) => p / sum);
}

// NaN if any is: Math.max gives that.
const largest = (differences) => Math.max(...differences.map(Math.abs));

const normalised = (vector) => vector.map((x) => x / Math.hypot(...vector));
