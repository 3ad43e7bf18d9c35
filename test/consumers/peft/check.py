#!/usr/bin/env python3
"""Whether a student's adapter, read by what is published of PEFT's layout alone, makes the merged student of its base.

    python3 test/consumers/peft/check.py runs/…/teacher runs/…/student/adapter runs/…/student

The first folder is the model that the adapter is for, the last the merged one. Needs numpy. Prints the layers and the largest difference, relative to the largest weight of its layer; exits
with 1 where one is above 1e-6, where a weight without an update differs at all, or where names do not fit.
"""
import json
import math
import pathlib
import struct
import sys

import numpy as np

TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
PREFIX = "base_model.model."


def tensors(path):
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + size])
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(content[8 + size:][slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(entry["shape"]).astype(np.float64)
        for name, entry in header.items()
    }


def is_named(path, names):
    return any(path == name or path.endswith("." + name) for name in names)


def in_base(base, name):
    """A base without a head may lack the prefix that the model with one has."""
    near = [name] if name in base else [key for key in base if name.endswith("." + key) or key.endswith("." + name)]
    return near[0] if len(near) == 1 else None


base_folder, adapter_folder, merged_folder = map(pathlib.Path, sys.argv[1:])
config = json.loads((adapter_folder / "adapter_config.json").read_text())
assert config["peft_type"] == "LORA" and config["bias"] == "none" and not config["use_dora"], config
scale = config["lora_alpha"] / (math.sqrt(config["r"]) if config["use_rslora"] else config["r"])
base, adapter, merged = (tensors(f / n) for f, n in ((base_folder, "model.safetensors"), (adapter_folder, "adapter_model.safetensors"), (merged_folder, "model.safetensors")))

faults, updated, largest = [], {}, 0.0
for name in adapter:
    assert name.startswith(PREFIX), name
    path = name[len(PREFIX):]
    if path.endswith(".lora_A.weight"):
        path = path[:-len(".lora_A.weight")]
        down, up = adapter[name], adapter[f"{PREFIX}{path}.lora_B.weight"]
        if not is_named(path, config["target_modules"]):
            faults.append(f"{path} is not among target_modules")
        if down.shape[0] != config["r"] or up.shape[1] != config["r"]:
            faults.append(f"{path} is not of rank {config['r']}")
        delta = scale * up @ down
        updated[path + ".weight"] = delta.T if config["fan_in_fan_out"] else delta
    elif not path.endswith(".lora_B.weight"):
        if not is_named(path.rsplit(".", 1)[0], config["modules_to_save"] or []) and not any(f".{m}." in f".{path}" for m in config["modules_to_save"] or []):
            faults.append(f"{path} is not among modules_to_save")
        if not np.array_equal(adapter[name], merged[path]):
            faults.append(f"{path} is not the merged model's")

for name, weight in merged.items():
    if PREFIX + name in adapter:
        continue
    source = in_base(base, name)
    if source is None:
        faults.append(f"the base has no {name}")
    elif name in updated:
        expected = base[source] + updated.pop(name)
        difference = np.abs(expected - weight).max() / np.abs(expected).max()
        largest = max(largest, difference)
        print(f"{name}: {difference:.1e}")
        if difference > 1e-6 or np.array_equal(base[source], weight):
            faults.append(f"{name} differs by {difference:.1e}, or was not trained")
    elif not np.array_equal(base[source], weight):
        faults.append(f"{name} has no update, and differs from the base")
faults += [f"{name} has an update, and is not in the merged model" for name in updated]
print(f"largest difference {largest:.1e}")
if faults:
    sys.exit("\n".join(faults))
