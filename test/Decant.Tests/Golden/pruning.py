#!/usr/bin/env python3
"""Which weights PyTorch's own magnitude pruning keeps: per layer (l1_unstructured) and over all (global_unstructured).

    /usr/bin/python3 pruning.py > pruning.json
"""
import json

import torch
from torch.nn.utils import prune

SHAPES = [(8, 3), (3, 8)]


def layers_of(weights):
    layers = [torch.nn.Linear(columns, rows) for rows, columns in SHAPES]
    for layer, weight in zip(layers, weights):
        layer.weight.data.copy_(weight)
    return layers


def kept(layers):
    return [layer.weight_mask.bool().flatten().tolist() for layer in layers]


generator = torch.Generator().manual_seed(3)
cases = []
for sparsity in (0.3, 0.6, 0.9):
    weights = [torch.randn(shape, generator=generator) for shape in SHAPES]
    alone, together = layers_of(weights), layers_of(weights)
    for layer in alone:
        prune.l1_unstructured(layer, "weight", amount=sparsity)
    prune.global_unstructured([(layer, "weight") for layer in together], pruning_method=prune.L1Unstructured, amount=sparsity)
    cases.append({"sparsity": sparsity, "weights": [w.flatten().tolist() for w in weights], "layer": kept(alone), "global": kept(together)})
print(json.dumps(cases))
