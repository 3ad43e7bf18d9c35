"""What the peers share: a plain PyTorch loop for distillation, and the line protocol by which `decant bench` drives it.

    python3 mlp.py FOLDER         reads the task from the folder and answers lines on stdin
    python3 mlp.py --steps 50     measures itself on data and weights of its own

One line comes in, one line of JSON goes out:

    check N         losses of the first N updates from the given weights, nothing augmented; the weights are put back
    steps N         seconds of N updates, from the first batch of the first epoch on
    variants        the ways in which this peer can be run; the fastest is for the driver to find
    use {...}       {"variant": 0, "threads": 2, "blas": 2}; threads of libtorch and of OpenBLAS, 0 as they were at the start
    peak            the largest rate of a float32 matrix product that is seen here and now
    memory          the most memory that the process ever had
    quit
"""
import argparse
import ctypes
import json
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

DTYPES = {"F32": np.float32, "I64": np.int64, "I32": np.int32, "U8": np.uint8}


def read_safetensors(path):
    """The tensors of a safetensors file, by name."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        content = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(content[start:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


class Images:
    """Images as float32, normalised once; where they are augmented, with their border, so that a crop is a view."""

    BORDER = 4

    def __init__(self, task, data):
        mean, std = (torch.tensor(task[key]).view(1, -1, 1, 1) for key in ("mean", "std"))
        border, (height, width) = self.BORDER if task["augment"] else 0, data["images"].shape[2:]
        padded = F.pad(data["images"], [border] * 4).float().div_(255).sub_(mean).div_(std)
        self.windows = padded.unfold(2, height, 1).unfold(3, width, 1)  # [N, C, 9 or 1, 9 or 1, H, W], a view
        self.values = self.windows[:, :, border, border]  # [N, C, H, W], a view of the images themselves

    def batch(self, index, augment):
        if not augment or self.windows.shape[2] == 1:
            return (self.values.index_select(0, index),)
        down, right = torch.randint(0, 2 * self.BORDER + 1, (2, len(index)))
        images = self.windows[index, :, down, right]  # [B, C, H, W]
        flip = torch.rand(len(index)) < 0.5
        return (torch.where(flip.view(-1, 1, 1, 1), images.flip(3), images),)


class Texts:
    """Token ids, padded to the batch's longest, and their lengths."""

    def __init__(self, task, data):
        self.ids, self.lengths = data["ids"].long(), data["lengths"].long()

    def batch(self, index, augment):
        lengths = self.lengths.index_select(0, index)
        return self.ids.index_select(0, index)[:, : int(lengths.max())], lengths


class Sequences:
    """Sequences of tokens [N, T + 1]: each token but the last is followed by the one that is to be told."""

    def __init__(self, task, data):
        self.ids = data["ids"].long()

    def batch(self, index, augment):
        return (self.ids.index_select(0, index)[:, :-1],)

    def labels(self, index):
        return self.ids.index_select(0, index)[:, 1:].reshape(-1)


class Peer:
    """The loop. `model` makes a network of its configuration, `weights` loads those of a role, `teachers` are the ways to run the frozen teacher."""

    def __init__(self, task, data, weights, model, inputs, teachers=None):
        self.task, self.weights, self.model = task, weights, model
        self.inputs = inputs(task, data)
        self.order = data["order"].long()  # [epochs, N]
        labels = data["labels"].long() if "labels" in data else None  # [N]
        self.labels = getattr(self.inputs, "labels", lambda index: labels.index_select(0, index))
        self.teachers = teachers or {"plain": lambda teacher: teacher}
        self.variants = [(name, foreach) for name in self.teachers for foreach in (False, True)]
        self.student = model(task["student"])
        self.blas = find_openblas()
        self.start_threads = torch.get_num_threads(), self.blas.openblas_get_num_threads() if self.blas else 0
        self.is_set = False
        self.use(variant=0)

    def load(self, model, role):
        if self.weights:
            model.load_state_dict(self.weights(role), strict=True)
        return model

    def reset(self):
        self.load(self.student, "student").train()
        task = self.task
        if task["optimizer"] == "sgd":
            self.optimizer = torch.optim.SGD(
                self.student.parameters(), task["learning_rate"], momentum=task["momentum"], weight_decay=task["weight_decay"], foreach=self.foreach)
        else:
            self.optimizer = torch.optim.AdamW(self.student.parameters(), task["learning_rate"], weight_decay=task["weight_decay"], foreach=self.foreach)

    def use(self, variant, threads=0, blas=0):
        name, self.foreach = self.variants[variant]
        self.teacher = self.teachers[name](self.load(self.model(self.task["teacher"]), "teacher")).eval().requires_grad_(False)
        if threads or self.is_set:  # as long as nobody asks for threads, nothing is set
            self.is_set = True
            torch.set_num_threads(threads or self.start_threads[0])
            if self.blas:
                self.blas.openblas_set_num_threads(blas or self.start_threads[1])
        self.reset()
        return {}

    def update(self, step, augment=True):
        size, temperature, soft = self.task["batch"], self.task["temperature"], self.task["soft_weight"]
        per_epoch = self.order.shape[1] // size
        epoch, batch = divmod(step, per_epoch)
        index = self.order[epoch % len(self.order), batch * size : (batch + 1) * size]
        inputs = self.inputs.batch(index, augment)
        with torch.inference_mode():
            teacher = self.teacher(*inputs)
        logits = self.student(*inputs)
        kl = F.kl_div(F.log_softmax(logits / temperature, -1), F.log_softmax(teacher / temperature, -1), reduction="batchmean", log_target=True)
        loss = soft * temperature**2 * kl + (1 - soft) * F.cross_entropy(logits, self.labels(index))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def check(self, count):
        self.reset()
        losses = [self.update(step, augment=False).item() for step in range(count)]
        self.reset()
        return {"losses": losses}

    def steps(self, count):
        start = time.perf_counter()
        for step in range(count):
            loss = self.update(step)
        value = loss.item()
        return {"seconds": time.perf_counter() - start, "loss": value}

    def names(self):
        return [f"{name} teacher, {'foreach' if foreach else 'plain'} optimizer" for name, foreach in self.variants]

    def describe(self):
        return {
            "variants": self.names(),
            "threads": self.start_threads[0],
            "blas": self.start_threads[1],
            "kernels": kernels(self.blas),
        }


def find_openblas():
    """The OpenBLAS that libtorch has loaded, for its own count of threads; None where it has another BLAS."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "openblas" in line}
    for path in sorted(paths):
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_set_num_threads"):
            return library
    return None


def kernels(blas):
    """The processor family whose kernels OpenBLAS took; empty with another BLAS."""
    if not blas:
        return ""
    blas.openblas_get_corename.restype = ctypes.c_char_p
    return blas.openblas_get_corename().decode()


def peak(sizes=(512, 1024, 1536), seconds=0.1):
    best = 0.0
    for size in sizes:
        left, right, out = torch.full((size, size), 0.5), torch.full((size, size), 0.25), torch.empty(size, size)
        torch.mm(left, right, out=out)
        times, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end or len(times) < 3:
            start = time.perf_counter()
            torch.mm(left, right, out=out)
            times.append(time.perf_counter() - start)
        best = max(best, 2 * size**3 / sorted(times)[len(times) // 2] / 1e9)
    return {"gflops": best}


def memory():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return {"peak_bytes": int(line.split()[1]) * 1024}
    return {"peak_bytes": 0}


def serve(peer):
    actions = {
        "check": lambda text: peer.check(int(text)),
        "steps": lambda text: peer.steps(int(text)),
        "variants": lambda text: peer.describe(),
        "use": lambda text: peer.use(**json.loads(text)),
        "peak": lambda text: peak(),
        "memory": lambda text: memory(),
    }
    print(json.dumps({"ready": True, "torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "quit":
            return
        print(json.dumps(actions[word](rest)), flush=True)


def made_up_images(task):
    """Data for a run by hand."""
    count, shape = 8 * task["batch"], task["student"].get("input_shape", [3, 32, 32])
    classes = len(task["student"]["id2label"])
    return {
        "images": torch.randint(0, 256, (count, *shape), dtype=torch.uint8),
        "labels": torch.randint(0, classes, (count,)),
        "order": torch.stack([torch.randperm(count) for _ in range(4)]),
    }


def made_up_texts(task):
    """Data for a run by hand."""
    count, student = 16 * task["batch"], task["student"]
    lengths = torch.randint(8, 65, (count,))
    ids = torch.randint(5, student["vocab_size"], (count, 64)) * (torch.arange(64) < lengths[:, None])
    return {
        "ids": ids,
        "lengths": lengths,
        "labels": torch.randint(0, len(student["id2label"]), (count,)),
        "order": torch.stack([torch.randperm(count) for _ in range(4)]),
    }


def made_up_sequences(task):
    """Data for a run by hand."""
    count, length = 16 * task["batch"], task["length"]
    return {
        "ids": torch.randint(5, task["student"]["vocab_size"], (count, length + 1)),
        "order": torch.stack([torch.randperm(count) for _ in range(4)]),
    }


def classes(count):
    return {str(i): f"LABEL_{i}" for i in range(count)}


def main(task, model, inputs, teachers=None, kind=Peer):
    """The command line of a peer. `task` is what it measures by hand, and every task that comes from a folder has its form."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", nargs="?")
    arguments.add_argument("--steps", type=int, default=50)
    arguments = arguments.parse_args()
    if arguments.folder:
        with open(f"{arguments.folder}/task.json") as file:
            task = json.load(file)

        def read(name):
            return read_safetensors(f"{arguments.folder}/{name}.safetensors")

        serve(kind(task, read("data"), read, model, inputs, teachers))
        return
    task = {"batch": 128, "temperature": 4.0, "soft_weight": 0.9, "augment": False, "momentum": 0.9, "weight_decay": 0.0, "length": 256, **task}
    peer = kind(task, {Images: made_up_images, Texts: made_up_texts, Sequences: made_up_sequences}[inputs](task), None, model, inputs, teachers)
    for variant, name in enumerate(peer.describe()["variants"]):
        peer.use(variant)
        peer.steps(3)
        print(f"{name}: {1000 * peer.steps(arguments.steps)['seconds'] / arguments.steps:.2f} ms a step", flush=True)
