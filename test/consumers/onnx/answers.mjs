// Tensors as answers.json has them, and the loop of a greedy continuation, for onnxruntime-node and onnxruntime-web alike.

export function tensorOf(ort, { type, dims, data }) {
  return new ort.Tensor(type, type === 'int64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data), dims);
}

// NaN where a name, a shape or a number's being finite differs. In proportion to the largest number where that is above 1.
export function largestDifference(expected, came) {
  if (Object.keys(expected).sort().join() !== Object.keys(came).sort().join()) return NaN;
  let largest = 0;
  for (const [name, { dims, data }] of Object.entries(expected)) {
    if (came[name].dims.join() !== dims.join()) return NaN;
    let scale = 1;
    let difference = 0;
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i]) || !Number.isFinite(came[name].data[i])) return NaN;
      difference = Math.max(difference, Math.abs(data[i] - came[name].data[i]));
      scale = Math.max(scale, Math.abs(data[i]));
    }
    largest = Math.max(largest, difference / scale);
  }
  return largest;
}

// Token by token: what a step gives as present is the next one's past.
export async function greedy(ort, session, prompt, count) {
  const state = {};
  for (const { name, type, shape } of session.inputMetadata) {
    if (!name.startsWith('past')) continue;
    const dims = shape.map((d) => (typeof d === 'number' ? d : d === 'batch_size' ? 1 : 0));
    state[name] = new ort.Tensor(type, new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);
  }
  const ids = [...prompt];
  let fresh = ids;
  const growing = Object.values(state).some((t) => t.dims.includes(0)); // the mask spans the cache; a recurrent state has no length
  while (ids.length < prompt.length + count) {
    const whole = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const outputs = await session.run({ input_ids: whole(fresh), attention_mask: whole(Array(growing ? ids.length : fresh.length).fill(1)), ...state });
    for (const name of Object.keys(state)) state[name] = outputs[name.replace('past_key_values', 'present').replace('past_state', 'present_state')];
    const width = outputs.logits.dims.at(-1);
    const last = outputs.logits.data.subarray(outputs.logits.data.length - width);
    let best = 0;
    for (let i = 1; i < width; i++) if (last[i] > last[best]) best = i;
    ids.push(best);
    fresh = [best];
  }
  return ids;
}
