"""Makes small ONNX files as torch.onnx.export writes them, with PyTorch 1.13 and torchvision 0.14: /usr/bin/python3 golden_imports.py

Encoders under the names of Hugging Face's models, residual networks of torchvision's own classes but for their width. Beside each file its weights, in safetensors, under the names that
an import must find again.
"""
import math
import pathlib
import sys

import torch
import torch.nn.functional as F
import torchvision.models.resnet as tv
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "Models"))
import golden_models  # noqa: E402

V, H, A, I, L, P = 30, 16, 4, 24, 2, 20  # vocabulary, width, heads, between, layers, positions


class Attention(nn.Module):
    def __init__(self, names):
        super().__init__()
        for name in names:
            self.add_module(name, nn.Linear(H, H))
        self.names = names

    def forward(self, x, bias):
        q, k, v = (getattr(self, n)(x).view(x.size(0), x.size(1), A, H // A).permute(0, 2, 1, 3) for n in self.names[:3])
        scores = q @ k.transpose(-1, -2) / math.sqrt(H // A) + bias
        return (scores.softmax(-1) @ v).permute(0, 2, 1, 3).reshape(x.size(0), x.size(1), H)


def holder(**parts):
    module = nn.Module()
    for name, part in parts.items():
        module.add_module(name, part)
    return module


class BertLayer(nn.Module):
    def __init__(self, eps, act):
        super().__init__()
        self.attention = holder(self=Attention(["query", "key", "value"]), output=holder(dense=nn.Linear(H, H), LayerNorm=nn.LayerNorm(H, eps)))
        self.intermediate = holder(dense=nn.Linear(H, I))
        self.output = holder(dense=nn.Linear(I, H), LayerNorm=nn.LayerNorm(H, eps))
        self.act = act

    def forward(self, x, bias):
        a = self.attention
        x = a.output.LayerNorm(a.output.dense(getattr(a, "self")(x, bias)) + x)
        return self.output.LayerNorm(self.output.dense(self.act(self.intermediate.dense(x))) + x)


class DistilLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention(["q_lin", "k_lin", "v_lin"])
        self.attention.add_module("out_lin", nn.Linear(H, H))
        self.sa_layer_norm, self.output_layer_norm = nn.LayerNorm(H, 1e-12), nn.LayerNorm(H, 1e-12)
        self.ffn = holder(lin1=nn.Linear(H, I), lin2=nn.Linear(I, H))

    def forward(self, x, bias):
        x = self.sa_layer_norm(self.attention.out_lin(self.attention(x, bias)) + x)
        return self.output_layer_norm(self.ffn.lin2(F.gelu(self.ffn.lin1(x))) + x)


class Encoder(nn.Module):
    def __init__(self, family, act=F.gelu, pooler=False):
        super().__init__()
        self.family = family
        eps = 1e-5 if family == "roberta" else 1e-12
        self.embeddings = holder(word_embeddings=nn.Embedding(V, H), position_embeddings=nn.Embedding(P + (2 if family == "roberta" else 0), H), LayerNorm=nn.LayerNorm(H, eps))
        if family != "distilbert":
            self.embeddings.add_module("token_type_embeddings", nn.Embedding(1 if family == "roberta" else 2, H))
            self.encoder = holder(layer=nn.ModuleList(BertLayer(eps, act) for _ in range(L)))
        else:
            self.transformer = holder(layer=nn.ModuleList(DistilLayer() for _ in range(L)))
        if pooler:
            self.pooler = holder(dense=nn.Linear(H, H))

    def forward(self, tokens, mask, types=None):
        e = self.embeddings
        if self.family == "roberta":
            real = tokens.ne(1).int()
            positions = (torch.cumsum(real, 1).type_as(real) * real).long() + 1
            types = torch.zeros_like(tokens)
        else:
            positions = torch.arange(tokens.size(1)).unsqueeze(0)
        x = e.word_embeddings(tokens) + e.position_embeddings(positions)
        if types is not None:
            x = x + e.token_type_embeddings(types)
        x = e.LayerNorm(x)
        bias = (1 - mask[:, None, None, :].float()) * -1e9
        for layer in (self.transformer if self.family == "distilbert" else self.encoder).layer:
            x = layer(x, bias)
        return x


class Mean(nn.Module):
    """As sentence-transformers is exported: the encoder under 0.auto_model."""

    def __init__(self):
        super().__init__()
        self.add_module("0", holder(auto_model=Encoder("bert", F.relu)))

    def forward(self, tokens, mask, types):
        states = getattr(self, "0").auto_model(tokens, mask, types)
        m = mask.unsqueeze(-1).float()
        return states, F.normalize((states * m).sum(1) / m.sum(1).clamp(min=1e-9), dim=1)


class Largest(nn.Module):
    def __init__(self):
        super().__init__()
        self.bert = Encoder("bert")

    def forward(self, tokens, mask, types):
        return self.bert(tokens, mask, types).masked_fill(mask.unsqueeze(-1) == 0, -1e9).max(1)[0]


class Classifier(nn.Module):
    def __init__(self, family, classes, tokens=False):
        super().__init__()
        self.family, self.tokens = family, tokens
        self.add_module(family, Encoder(family, pooler=family == "bert" and not tokens))
        if tokens or family == "bert":
            self.classifier = nn.Linear(H, classes)
        elif family == "roberta":
            self.classifier = holder(dense=nn.Linear(H, H), out_proj=nn.Linear(H, classes))
        else:
            self.pre_classifier, self.classifier = nn.Linear(H, H), nn.Linear(H, classes)

    def forward(self, *inputs):
        base = getattr(self, self.family)
        states = base(*inputs)
        if self.tokens:
            return self.classifier(states)
        first = states[:, 0]
        if self.family == "bert":
            return self.classifier(torch.tanh(base.pooler.dense(first)))
        if self.family == "roberta":
            return self.classifier.out_proj(torch.tanh(self.classifier.dense(first)))
        return self.classifier(F.relu(self.pre_classifier(first)))


class Small(tv.ResNet):
    """torchvision's network with other channels."""

    def __init__(self, block, layers, width, classes=5):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation, self.groups, self.base_width = nn.BatchNorm2d, width, 1, 1, 64
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        for i, n in enumerate(layers):
            setattr(self, f"layer{i + 1}", self._make_layer(block, width << i, n, stride=1 if i == 0 else 2))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear((width << 3) * block.expansion, classes)


class ThreeStages(Small):
    def __init__(self, *rest):
        super().__init__(*rest)
        self.layer4, self.fc = nn.Identity(), nn.Linear(4, 5)


class FirstStride(tv.Bottleneck):
    """As published in 2016: the convolution of 1x1 has the stride."""

    def __init__(self, inplanes, planes, stride=1, *rest, **named):
        super().__init__(inplanes, planes, stride, *rest, **named)
        self.conv1.stride, self.conv2.stride = self.conv2.stride, (1, 1)


def export(name, module, inputs, names, outputs, dynamic=True, keep_norms=False, weights=True):
    module.eval()
    axes = {n: {0: "batch", 1: "sequence"} for n in names} if dynamic else None
    torch.onnx.export(module, inputs, str(HERE / f"{name}.onnx"), input_names=names, output_names=outputs, dynamic_axes=axes, opset_version=13,
                      training=torch.onnx.TrainingMode.PRESERVE if keep_norms else torch.onnx.TrainingMode.EVAL, do_constant_folding=not keep_norms)
    if weights:
        golden_models.HERE = HERE
        golden_models.save(name, {k.replace("0.auto_model.", ""): v for k, v in module.state_dict().items()})


def main():
    torch.manual_seed(11)
    tokens = torch.randint(2, V, (2, 7))
    three = (tokens, torch.ones_like(tokens), torch.zeros_like(tokens))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    # Norms and biases that are neither 1 nor 0, so that none can stand for another.
    shake = lambda m: golden_models.shake(m, 0.3)
    export("bert-states", shake(Encoder("bert", lambda x: F.gelu(x, approximate="tanh"))), three, names, ["last_hidden_state"])
    export("bert-mean", shake(Mean()), three, names, ["token_embeddings", "sentence_embedding"])
    export("bert-largest", shake(Largest()), three, names, ["sentence_embedding"], weights=False)
    export("bert-classes", shake(Classifier("bert", 3)), three, names, ["logits"])
    export("bert-number", shake(Classifier("bert", 1)), three, names, ["logits"])
    export("bert-tokens", shake(Classifier("bert", 4, tokens=True)), three, names, ["logits"])
    export("roberta-classes", shake(Classifier("roberta", 3)), three[:2], names[:2], ["logits"])
    export("distilbert-classes", shake(Classifier("distilbert", 3)), three[:2], names[:2], ["logits"])
    image = torch.randn(1, 3, 64, 64)
    for depth, block, layers in [(18, tv.BasicBlock, [2, 2, 2, 2]), (34, tv.BasicBlock, [3, 4, 6, 3]), (50, tv.Bottleneck, [3, 4, 6, 3])]:
        export(f"resnet{depth}-norms", shake_norms(Small(block, layers, 2)), (image,), ["input"], ["output"], dynamic=False, keep_norms=True)
    export("resnet20-folded", shake_norms(Small(tv.BasicBlock, [2, 2, 2, 3], 2)), (image,), ["input"], ["output"], dynamic=False, weights=False)
    export("resnet50-first-stride", shake_norms(Small(FirstStride, [3, 4, 6, 3], 1)), (image,), ["input"], ["output"], dynamic=False, weights=False)
    export("resnet-three-stages", shake_norms(ThreeStages(tv.BasicBlock, [1, 1, 1, 1], 1)), (image,), ["input"], ["output"], dynamic=False, weights=False)


def shake_norms(module):
    return golden_models.shake(module, 0.1)


if __name__ == "__main__":
    main()
