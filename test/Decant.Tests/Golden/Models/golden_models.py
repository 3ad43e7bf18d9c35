"""Makes the reference numbers of modules and models with PyTorch 1.13: /usr/bin/python3 golden_models.py

Every case is one safetensors file: state.* (weights), input.* , output, seed (what flows in backwards),
grad.* (gradients of sum(output * seed)), after.* (buffers after the forward pass).
The references are PyTorch's own modules wherever it has one; the others are written as published.
"""
import json
import pathlib
import struct

import torch
import torch.nn.functional as F
from torch import nn

HERE = pathlib.Path(__file__).parent
TYPES = {torch.float32: "F32", torch.int64: "I64", torch.bool: "BOOL"}


def save(name, tensors):
    header, blobs, offset = {}, [], 0
    for key in sorted(tensors):
        tensor = tensors[key].detach().contiguous()
        blob = tensor.numpy().tobytes()
        header[key] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def case(name, module, forward, inputs, after=False, rename=lambda state: state):
    """forward(module, inputs) -> output; floating inputs get gradients too."""
    out = {f"state.{k}": v.clone() for k, v in rename(dict(module.state_dict())).items()}
    inputs = {k: v.clone().requires_grad_(v.dtype == torch.float32) for k, v in inputs.items()}
    output = forward(module, inputs)
    seed = torch.randn(output.shape)
    (output * seed).sum().backward()
    out.update({f"input.{k}": v for k, v in inputs.items()})
    out.update({f"grad.input.{k}": v.grad for k, v in inputs.items() if v.dtype == torch.float32})
    gradients = {k: torch.zeros_like(v) if v.grad is None else v.grad for k, v in module.named_parameters()}
    out.update({f"grad.{k}": v for k, v in rename(gradients).items()})
    if after:
        out.update({f"after.{k}": v for k, v in module.named_buffers()})
    out["output"], out["seed"] = output, seed
    save(name, out)


def shake(module, scale=0.5):
    """Weights and running statistics that are neither 0 nor 1."""
    for p in module.parameters():
        p.data.add_(torch.randn_like(p) * scale * (p.std() if p.numel() > 1 and p.std() > 0 else 1))
    for k, b in module.named_buffers():
        if k.endswith("running_mean"):
            b.normal_(0, 0.3)
        if k.endswith("running_var"):
            b.uniform_(0.5, 2)
    return module


def mask_of(lengths, width):
    return torch.arange(width)[None] < torch.tensor(lengths)[:, None]


def modules():
    x = lambda m, i: m(i["values"])
    case("linear", nn.Linear(5, 3), x, {"values": torch.randn(2, 4, 5)})
    case("embedding", nn.Embedding(9, 4, padding_idx=2), x, {"values": torch.tensor([[1, 2, 8], [2, 2, 0]])})
    case("layer-norm", shake(nn.LayerNorm(6)), x, {"values": torch.randn(3, 2, 6) * 3 + 1})
    case("batch-norm-1d-train", shake(nn.BatchNorm1d(4)).train(), x, {"values": torch.randn(5, 4) * 2 + 1}, after=True)
    case("batch-norm-1d-sequence-eval", shake(nn.BatchNorm1d(4)).eval(), x, {"values": torch.randn(3, 4, 5)}, after=True)
    case("batch-norm-2d-train", shake(nn.BatchNorm2d(3)).train(), x, {"values": torch.randn(2, 3, 4, 5)}, after=True)
    case("batch-norm-2d-eval", shake(nn.BatchNorm2d(3)).eval(), x, {"values": torch.randn(2, 3, 4, 5)}, after=True)
    case("conv1d", nn.Conv1d(3, 4, 3, stride=2, padding=1), x, {"values": torch.randn(2, 3, 9)})
    case("conv2d", nn.Conv2d(3, 4, 3, stride=2, padding=1), x, {"values": torch.randn(2, 3, 7, 6)})
    case("conv2d-groups", nn.Conv2d(4, 6, 3, groups=2, bias=False), x, {"values": torch.randn(2, 4, 6, 5)})
    case("max-pool", nn.MaxPool2d(3, 2, 1), x, {"values": torch.randn(2, 2, 7, 7)})
    case("avg-pool", nn.AvgPool2d(3, 2, 1), x, {"values": torch.randn(2, 2, 7, 7)})
    case("adaptive-avg-pool", nn.AdaptiveAvgPool2d((3, 2)), x, {"values": torch.randn(2, 2, 7, 5)})
    for name, function in [("relu", F.relu), ("gelu", F.gelu), ("gelu-new", lambda v: F.gelu(v, approximate="tanh")), ("silu", F.silu),
                           ("tanh", torch.tanh), ("sigmoid", torch.sigmoid), ("leaky-relu", F.leaky_relu)]:
        case(f"activation-{name}", nn.Identity(), lambda m, i, f=function: f(i["values"]), {"values": torch.randn(4, 6) * 2})
    lstms()
    attention()


def packed(lstm, values, mask):
    lengths = mask.sum(1)
    states = nn.utils.rnn.pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)
    output, (hidden, cell) = lstm(states)
    return nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=values.shape[1])[0], hidden, cell


def lstms():
    def whole(lstm, i):
        output, (hidden, cell) = lstm(i["values"])
        return torch.cat([output.flatten(), hidden.flatten(), cell.flatten()])

    def masked(lstm, i):
        return torch.cat([t.flatten() for t in packed(lstm, i["values"], i["mask"])])

    case("lstm", nn.LSTM(3, 4, batch_first=True), whole, {"values": torch.randn(2, 5, 3)})
    case("lstm-bidirectional-masked", nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True), masked,
         {"values": torch.randn(4, 6, 3), "mask": mask_of([3, 6, 1, 3], 6)})
    case("lstm-masked", nn.LSTM(3, 4, 2, batch_first=True), masked, {"values": torch.randn(3, 4, 3), "mask": mask_of([1, 2, 4], 4)})


def attention():
    """PyTorch's own multi-head attention, its joint projection cut into three."""
    reference = nn.MultiheadAttention(8, 2, batch_first=True)
    nn.init.normal_(reference.in_proj_bias)
    nn.init.normal_(reference.out_proj.bias)

    def rename(state):
        out = {}
        for kind in ("weight", "bias"):
            for name, part in zip(("query", "key", "value"), state[f"in_proj_{kind}"].chunk(3)):
                out[f"{name}.{kind}"] = part
            out[f"output.{kind}"] = state[f"out_proj.{kind}"]
        return out

    case("attention", reference, lambda m, i: m(i["values"], i["values"], i["values"])[0], {"values": torch.randn(2, 5, 8)}, rename=rename)
    reference.zero_grad()
    case("attention-masked", reference, lambda m, i: m(i["values"], i["values"], i["values"], key_padding_mask=~i["mask"])[0],
         {"values": torch.randn(3, 5, 8), "mask": mask_of([2, 5, 1], 5)}, rename=rename)
    reference.zero_grad()
    case("attention-memory", reference, lambda m, i: m(i["values"], i["memory"], i["memory"], key_padding_mask=~i["mask"])[0],
         {"values": torch.randn(2, 3, 8), "memory": torch.randn(2, 4, 8), "mask": mask_of([4, 2], 4)}, rename=rename)


class Named(nn.Module):
    """A reference whose parts have the names that they have in Decant."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)


def mlp_and_cnn():
    def mlp(m, i):
        x = i["values"].flatten(1)
        for layer in m.layers[:-1]:
            x = torch.tanh(layer(x))
        return m.layers[-1](x)

    case("mlp", Named(layers=nn.ModuleList([nn.Linear(6, 5), nn.Linear(5, 4), nn.Linear(4, 3)])), mlp, {"values": torch.randn(2, 1, 2, 3)})

    def cnn(m, i):
        x = F.max_pool2d(F.relu(m.conv2(F.relu(m.conv1(i["values"])))), 2)
        return m.fc2(F.relu(m.fc1(x.flatten(1))))

    case("cnn", Named(conv1=nn.Conv2d(1, 3, 3), conv2=nn.Conv2d(3, 4, 3), fc1=nn.Linear(4 * 2 * 3, 6), fc2=nn.Linear(6, 3)), cnn,
         {"values": torch.randn(2, 1, 8, 10)})


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, option):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.option, self.changes, self.more = option, stride != 1 or inputs != outputs, outputs - inputs
        if option == "B" and self.changes:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.changes and self.option == "A":
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.more // 2, self.more // 2))
        elif self.changes:
            x = self.shortcut(x)
        return F.relu(out + x)


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        if inputs != outputs:
            self.convShortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
        self.equal = inputs == outputs

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        out = self.conv2(F.relu(self.bn2(self.conv1(ready))))
        return out + (x if self.equal else self.convShortcut(ready))


def stages(make, stem, widths, blocks):
    for stage, width in enumerate(widths):
        yield nn.Sequential(*[make(stem if b == 0 else width, width, 2 if stage and not b else 1) for b in range(blocks)])
        stem = width


def resnets():
    def forward(m, i):
        x = F.relu(m.bn1(m.conv1(i["values"])))
        x = m.layer3(m.layer2(m.layer1(x)))
        return m.linear(F.avg_pool2d(x, x.shape[3]).flatten(1))

    for name, option, stem, mode in [("resnet-pad-eval", "A", 4, False), ("resnet-pad-train", "A", 4, True), ("resnet-conv-eval", "B", 2, False)]:
        parts = list(stages(lambda i, o, s: Block(i, o, s, option), stem, [4, 8, 16], 1))
        model = Named(conv1=nn.Conv2d(3, stem, 3, 1, 1, bias=False), bn1=nn.BatchNorm2d(stem),
                      layer1=parts[0], layer2=parts[1], layer3=parts[2], linear=nn.Linear(16, 3))
        case(name, shake(model, 0.1).train(mode), forward, {"values": torch.randn(3, 3, 8, 8)}, after=mode)

    def wide(m, i):
        x = m.conv1(i["values"])
        for block in (m.block1, m.block2, m.block3):
            x = block.layer(x)
        x = F.relu(m.bn1(x))
        return m.fc(F.avg_pool2d(x, x.shape[3]).flatten(1))

    parts = [Named(layer=p) for p in stages(WideBlock, 4, [4, 8, 16], 1)]
    model = Named(conv1=nn.Conv2d(3, 4, 3, 1, 1, bias=False), block1=parts[0], block2=parts[1], block3=parts[2], bn1=nn.BatchNorm2d(16), fc=nn.Linear(16, 3))
    case("wide-resnet-eval", shake(model, 0.1).eval(), wide, {"values": torch.randn(2, 3, 8, 8)})


def imagenet_resnets():
    """torchvision's own networks, but for their width: sizes that are odd everywhere."""
    import sys
    sys.path.insert(0, str(HERE.parent / "imports"))
    import golden_imports as small
    forward = lambda m, i: m(i["values"])
    for depth, block, layers, mode in [(18, small.tv.BasicBlock, [2, 2, 2, 2], False), (18, small.tv.BasicBlock, [2, 2, 2, 2], True), (50, small.tv.Bottleneck, [3, 4, 6, 3], False)]:
        torch.manual_seed(depth)
        model = shake(small.Small(block, layers, 2, 3), 0.1).train(mode)
        case(f"imagenet-resnet-{depth}-{'train' if mode else 'eval'}", model, forward, {"values": torch.randn(3, 3, 43, 37)}, after=mode)


def text():
    values, mask = torch.tensor([[3, 1, 4, 0, 0, 0], [5, 9, 2, 6, 5, 3], [7, 0, 0, 0, 0, 0]]), mask_of([3, 6, 1], 6)

    def lstm(pooling):
        def forward(m, i):
            output, hidden, _ = packed(m.lstm, m.embedding(i["values"]), i["mask"])
            if pooling == "last":
                return m.classifier(torch.cat([hidden[-2], hidden[-1]], 1))
            rows = [output[b, :n] for b, n in enumerate(i["mask"].sum(1))]
            return m.classifier(torch.stack([r.mean(0) if pooling == "mean" else r.max(0)[0] for r in rows]))
        return forward

    for pooling in ("last", "mean", "max"):
        model = Named(embedding=nn.Embedding(10, 4, padding_idx=0), lstm=nn.LSTM(4, 3, 2, batch_first=True, bidirectional=True), classifier=nn.Linear(6, 3))
        case(f"lstm-classifier-{pooling}", model, lstm(pooling), {"values": values, "mask": mask})

    def textcnn(m, i):
        rows = []
        for tokens, n in zip(i["values"], i["mask"].sum(1)):  # one text at a time, without any padding but what the filter needs
            x = m.embedding(tokens[:n]).T[None]
            features = [F.relu(c(F.pad(x, (0, max(0, c.kernel_size[0] - int(n)))))).max(2)[0] for c in m.convs]
            rows.append(m.classifier(torch.cat(features, 1)))
        return torch.cat(rows)

    model = Named(embedding=nn.Embedding(10, 4, padding_idx=0), convs=nn.ModuleList([nn.Conv1d(4, 5, w) for w in (2, 3, 4)]), classifier=nn.Linear(15, 3))
    case("textcnn", model, textcnn, {"values": values, "mask": mask})
    encoders(values, mask)


def bert_names(state):
    """PyTorch's transformer layers under BERT's published names."""
    out = {}
    for key, value in state.items():
        if not key.startswith("layers."):
            out[key.replace("__", ".")] = value
            continue
        _, number, rest = key.split(".", 2)
        layer = f"bert.encoder.layer.{number}."
        kind = rest.rsplit(".", 1)[-1].replace("in_proj_", "")
        if "in_proj" in rest:
            for name, part in zip(("query", "key", "value"), value.chunk(3)):
                out[f"{layer}attention.self.{name}.{kind}"] = part
        else:
            name = {"self_attn.out_proj": "attention.output.dense", "norm1": "attention.output.LayerNorm", "linear1": "intermediate.dense",
                    "linear2": "output.dense", "norm2": "output.LayerNorm"}[rest.rsplit(".", 1)[0]]
            out[layer + name + "." + kind] = value
    return out


def encoders(values, mask):
    types = torch.tensor([[0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0]])

    def forward(pooling):
        def run(m, i):
            e = "bert__embeddings__"
            part = m._modules
            x = part[e + "word_embeddings"](i["values"]) + part[e + "token_type_embeddings"](i["types"])
            x = part[e + "LayerNorm"](x + part[e + "position_embeddings"](torch.arange(x.shape[1])))
            for layer in m.layers:
                x = layer(x, src_key_padding_mask=~i["mask"])
            if pooling == "first":
                return m.classifier(torch.tanh(part["bert__pooler__dense"](x[:, 0])))
            return m.classifier(torch.stack([row[:n].mean(0) for row, n in zip(x, i["mask"].sum(1))]))
        return run

    for pooling in ("first", "mean"):
        parts = {"bert__embeddings__word_embeddings": nn.Embedding(10, 8, padding_idx=0), "bert__embeddings__position_embeddings": nn.Embedding(7, 8),
                 "bert__embeddings__token_type_embeddings": nn.Embedding(2, 8), "bert__embeddings__LayerNorm": nn.LayerNorm(8, eps=1e-12),
                 "layers": nn.ModuleList([nn.TransformerEncoderLayer(8, 2, 16, dropout=0, activation="gelu", layer_norm_eps=1e-12, batch_first=True)
                                          for _ in range(2)])}
        if pooling == "first":
            parts["bert__pooler__dense"] = nn.Linear(8, 8)
        model = shake(Named(**parts, classifier=nn.Linear(8, 3)), 0.2)
        case(f"encoder-{pooling}", model, forward(pooling), {"values": values, "mask": mask, "types": types}, rename=bert_names)


def first_values():
    """What PyTorch draws for new modules from seed 5."""
    out = {}
    for name, make in [("linear", lambda: nn.Linear(7, 5)), ("conv1d", lambda: nn.Conv1d(3, 4, 3)), ("conv2d", lambda: nn.Conv2d(3, 4, 3)),
                       ("lstm", lambda: nn.LSTM(4, 3, 2, bidirectional=True)), ("embedding", lambda: nn.Embedding(8, 6, padding_idx=3))]:
        torch.manual_seed(5)
        out.update({f"{name}.{k}": v for k, v in make().state_dict().items()})
    save("first-values", out)


if __name__ == "__main__":
    torch.manual_seed(20)
    torch.set_num_threads(1)
    modules()
    mlp_and_cnn()
    resnets()
    text()
    first_values()
    imagenet_resnets()
    print("torch", torch.__version__)
