"""Checkpoints in PyTorch's format before 1.6 with other pickle protocols than 2, as torch.save(…, pickle_protocol=N, _use_new_zipfile_serialization=False) writes them.

Needs Python alone: the pickles are made by its own pickler, with stand-ins that have PyTorch's names. Run it after pytorch_files.py, which writes expected.json anew."""

import collections
import json
import pathlib
import pickle
import struct
import sys
import types

folder = pathlib.Path(__file__).parent / "pytorch"
torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
sys.modules["torch"], sys.modules["torch._utils"] = torch, utils


class FloatStorage:
    code, size = "<f", 4


class LongStorage:
    code, size = "<q", 8


for kind in (FloatStorage, LongStorage):
    kind.__module__, kind.__qualname__ = "torch", kind.__name__
    setattr(torch, kind.__name__, kind)


def _rebuild_tensor_v2(*_):
    raise NotImplementedError


_rebuild_tensor_v2.__module__ = "torch._utils"
utils._rebuild_tensor_v2 = _rebuild_tensor_v2


class Storage:
    def __init__(self, kind, key, values):
        self.kind, self.key, self.values = kind, key, values


class Tensor:
    def __init__(self, storage, offset, shape, stride):
        self.parts = (storage, offset, shape, stride, False, collections.OrderedDict())

    def __reduce__(self):
        return _rebuild_tensor_v2, self.parts


def save(name, content, storages, protocol):
    with open(folder / name, "wb") as file:
        pickle.dump(0x1950A86A20F9469CFC6C, file, protocol=protocol)
        pickle.dump(1001, file, protocol=protocol)
        pickle.dump(dict(protocol_version=1001, little_endian=True, type_sizes=dict(short=2, int=4, long=4)), file, protocol=protocol)
        pickler = pickle.Pickler(file, protocol=protocol)
        pickler.persistent_id = lambda o: ("storage", o.kind, o.key, "cpu", len(o.values), None) if isinstance(o, Storage) else None
        pickler.dump(content)
        pickle.dump(sorted(s.key for s in storages), file, protocol=protocol)
        for storage in sorted(storages, key=lambda s: s.key):
            file.write(struct.pack("<q", len(storage.values)))
            file.write(b"".join(struct.pack(storage.kind.code, v) for v in storage.values))


expected = json.loads((folder / "expected.json").read_text())
for protocol in (1, 3, 4, 5):
    numbers, counts = Storage(FloatStorage, "94001", [1.5, -2.0, 0.25, 8.0, 16.0, 32.0]), Storage(LongStorage, "94002", [7, -1])
    state = collections.OrderedDict(weight=Tensor(numbers, 0, (2, 3), (3, 1)), turned=Tensor(numbers, 0, (3, 2), (1, 3)), count=Tensor(counts, 0, (2,), (1,)))
    save(f"protocol{protocol}.legacy.pt", {"epoch": 3, "raw": b"\x00\xff", "tags": {1, 2}, "name": "größe", "state_dict": state}, [numbers, counts], protocol)
    expected[f"protocol{protocol}.legacy.pt"] = {
        "section": "state_dict",
        "tensors": {
            "weight": {"dtype": "float32", "shape": [2, 3], "values": [1.5, -2.0, 0.25, 8.0, 16.0, 32.0]},
            "turned": {"dtype": "float32", "shape": [3, 2], "values": [1.5, 8.0, -2.0, 16.0, 0.25, 32.0]},
            "count": {"dtype": "int64", "shape": [2], "values": [7.0, -1.0]},
        },
    }
(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
