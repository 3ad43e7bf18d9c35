#!/usr/bin/env python3
"""Whether other people's programs read a saved language model as Decant does.

    npm install --prefix peer @huggingface/tokenizers
    python3 test/consumers/open_student.py runs/stories-llama/student peer texts.txt

The ids of every line come from @huggingface/tokenizers, the perplexity from a forward pass in plain PyTorch that knows the published layout only
(test/Decant.Tests/Golden/Models/reference_decoders.py: gpt2, llama, mistral, qwen2, qwen3); both from the folder's files alone. `./decant predict` says what Decant thinks of the same lines.
"""
import json
import math
import pathlib
import struct
import subprocess
import sys

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/Decant.Tests/Golden/Models"))
from reference_decoders import gpt2, llama  # noqa: E402

TOLERANCE = 1e-4


def weights(path):
    """The float32 tensors of a safetensors file."""
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        start, end = entry["data_offsets"]
        tensors[name] = torch.from_numpy(np.frombuffer(content[8 + size + start : 8 + size + end], np.float32).reshape(entry["shape"]).copy())
    return tensors


def main(folder, peer, texts):
    folder, texts = pathlib.Path(folder), pathlib.Path(texts)
    config, state = json.loads((folder / "config.json").read_text()), weights(folder / "model.safetensors")
    lines = subprocess.run(["node", ROOT / "test/consumers/ids.mjs", folder, peer], stdin=texts.open(), capture_output=True, check=True, text=True).stdout.splitlines()
    ours = subprocess.run([ROOT / "decant", "predict", folder, "--file", texts], capture_output=True, check=True, text=True).stdout.splitlines()
    assert len(lines) == len(ours) > 0, f"{len(lines)} lines of ids, {len(ours)} of predictions"
    worst = 0.0
    for line, answer in zip(lines, ours):
        ids, prediction = json.loads(line), json.loads(answer)["prediction"]
        begin = config.get("bos_token_id")  # the first token is foretold from it, whether or not the tokenizer puts it there
        ids = torch.tensor(ids if begin is None or ids[:1] == [begin] else [begin, *ids])
        assert len(ids) - 1 == prediction["tokens"], f"{len(ids) - 1} tokens are foretold there, {prediction['tokens']} here"
        with torch.no_grad():
            logits = gpt2(config, state, ids) if config["model_type"] == "gpt2" else llama(config, state, ids, len(ids))
        nll = torch.nn.functional.cross_entropy(logits[:-1].double(), ids[1:]).item()
        worst = max(worst, abs(nll - math.log(prediction["perplexity"])))
    print(f"{len(lines)} texts: as many tokens, and the cross-entropy differs by {worst:.1e} nats at most")
    sys.exit(worst > TOLERANCE)


if __name__ == "__main__":
    main(*sys.argv[1:])
