"""The peer of `gpt`: GPT-2's architecture, 6 layers of 256 teach 3 of 192; names as in Hugging Face's GPT2LMHeadModel, whose matrices are stored [in, out]."""
import torch
import torch.nn.functional as F
from torch import nn

import peer


class Matrix(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) * 0.02)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return torch.addmm(self.bias, x.reshape(-1, x.shape[-1]), self.weight).view(*x.shape[:-1], -1)


class Attention(nn.Module):
    def __init__(self, width, heads, positions):
        super().__init__()
        self.c_attn, self.c_proj = Matrix(width, 3 * width), Matrix(width, width)
        self.heads, self.size = heads, width // heads
        self.register_buffer("future", torch.ones(positions, positions, dtype=torch.bool).triu(1), persistent=False)

    def forward(self, x):
        batch, length, width = x.shape
        query, key, value = (part.view(batch, length, self.heads, self.size).transpose(1, 2) for part in self.c_attn(x).split(width, 2))
        scores = (query @ key.transpose(-1, -2) * self.size**-0.5).masked_fill(self.future[:length, :length], float("-inf"))
        return self.c_proj((scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width))


class Mlp(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.c_fc, self.c_proj = Matrix(width, inner), Matrix(inner, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["n_embd"]
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, config["n_head"], config["n_positions"])
        self.mlp = Mlp(width, config.get("n_inner") or 4 * width)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt2(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["n_embd"]
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(config["vocab_size"], width),
            "wpe": nn.Embedding(config["n_positions"], width),
            "h": nn.ModuleList(Block(config) for _ in range(config["n_layer"])),
            "ln_f": nn.LayerNorm(width),
        })

    def forward(self, ids):
        parts = self.transformer
        x = parts["wte"](ids) + parts["wpe"].weight[: ids.shape[1]]
        for block in parts["h"]:
            x = block(x)
        return F.linear(parts["ln_f"](x).reshape(-1, x.shape[-1]), parts["wte"].weight)  # [B·T, V]


def config(layers, width, heads):
    return {"n_layer": layers, "n_embd": width, "n_head": heads, "n_positions": 256, "vocab_size": 32000}


if __name__ == "__main__":
    task = {"batch": 8, "teacher": config(6, 256, 8), "student": config(3, 192, 6), "optimizer": "adamw", "learning_rate": 1e-3, "weight_decay": 0.01}
    peer.main(task, Gpt2, peer.Sequences)
