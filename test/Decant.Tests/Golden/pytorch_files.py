"""Small checkpoints in both of PyTorch's formats, and what they hold: pytorch/*.pt and pytorch/expected.json.

Needs PyTorch (Debian: python3-torch; made with 1.13). Run it anew only to add cases."""

import collections
import json
import pathlib

import torch

folder = pathlib.Path(__file__).parent / "pytorch"
folder.mkdir(exist_ok=True)
expected = {}


def plain(tensor):
    return tensor.double().flatten().tolist()


def write(name, content, weights, section=""):
    for suffix, is_zip in (("", True), (".legacy", False)):
        file = f"{name}{suffix}.pt"
        torch.save(content, folder / file, _use_new_zipfile_serialization=is_zip)
        expected[file] = {
            "section": section,
            "tensors": {k: {"dtype": str(v.dtype)[6:], "shape": list(v.shape), "values": plain(v)} for k, v in weights.items()},
        }


# every element type
kinds = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
types = {str(k)[6:]: torch.tensor([[0, 1, 5], [2, 3, 100]]).to(k) for k in kinds}
write("types", types, types)

# views of one storage: rows, a transpose, a step, one element, a repeated row, no dimension, no element
storage = torch.arange(24, dtype=torch.float32)
views = collections.OrderedDict(
    whole=storage.view(4, 6), rows=storage.view(4, 6)[1:3], turned=storage.view(4, 6).t(), steps=storage[3:20:4], one=storage[7:8],
    scalar=storage[11], repeated=storage[2:5].expand(3, 3), empty=torch.zeros(0, 3), same=storage.view(4, 6),
)
write("views", views, views)

# a module's state with parameters, buffers and versions
torch.manual_seed(1)
module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
write("module", module.state_dict(), module.state_dict())
parameters = {"weight": torch.nn.Parameter(torch.tensor([1.5, -2.0])), "frozen": torch.nn.Parameter(torch.tensor([3.0]), requires_grad=False)}
write("parameters", parameters, parameters)

# the state of a training: weights below a name, an optimizer's tensors beside them, numbers, texts, bytes, containers
inner = {"module." + k: v for k, v in module.state_dict().items()}
optimizer = torch.optim.Adam(module.parameters())
module(torch.randn(4, 3)).sum().backward()
optimizer.step()
training = {
    "epoch": 3, "big": 1 << 80, "negative": -5, "loss": 0.25, "name": "größe", "raw": b"\x00\xff", "flags": [True, False, None], "pair": (1, (2.5, "x")),
    "set": {1, 2}, "size": torch.Size([2, 3]), "device": torch.device("cpu"), "dtype": torch.float16, "optimizer": optimizer.state_dict(),
    "counts": collections.Counter("aab"), "grouped": collections.defaultdict(list, {"a": [1]}), "state_dict": {k: v.clone() for k, v in inner.items()},
}
write("training", training, training["state_dict"], "state_dict")
write("nested", {"model": {"model_state_dict": {"w": torch.ones(2)}}}, {"w": torch.ones(2)}, "model.model_state_dict")
write("named", {"generator": {"w": torch.ones(2)}, "step": 1}, {"w": torch.ones(2)}, "generator")

with open(folder / "expected.json", "w", newline="\n") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
