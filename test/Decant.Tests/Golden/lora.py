#!/usr/bin/env python3
"""A linear layer with a low-rank update in plain PyTorch: its answer, the gradients of A and B, and both after three updates of torch.optim.AdamW.

    /usr/bin/python3 lora.py > lora.json
"""
import json
import math

import torch

INPUTS, OUTPUTS, ROWS = 6, 5, 4

generator = torch.Generator().manual_seed(11)
cases = []
for rank, alpha, stabilized, transposed in ((1, 2.0, False, False), (3, 6.0, False, True), (4, 3.0, True, False)):
    weight, bias = torch.randn(OUTPUTS, INPUTS, generator=generator), torch.randn(OUTPUTS, generator=generator)
    down, up = torch.randn(rank, INPUTS, generator=generator), torch.randn(OUTPUTS, rank, generator=generator)
    values, target = torch.randn(ROWS, INPUTS, generator=generator), torch.randn(ROWS, OUTPUTS, generator=generator)
    case = {
        "rank": rank, "alpha": alpha, "stabilized": stabilized, "transposed": transposed,
        "weight": (weight.T if transposed else weight).flatten().tolist(), "bias": bias.tolist(), "down": down.flatten().tolist(), "up": up.flatten().tolist(),
        "values": values.flatten().tolist(), "target": target.flatten().tolist(),
    }
    scale = alpha / (math.sqrt(rank) if stabilized else rank)
    down.requires_grad, up.requires_grad = True, True
    optimizer = torch.optim.AdamW([down, up], lr=0.05, weight_decay=0.1)
    for step in range(3):
        optimizer.zero_grad()
        output = torch.nn.functional.linear(values, weight, bias) + scale * torch.nn.functional.linear(torch.nn.functional.linear(values, down), up)
        ((output - target) ** 2).sum().backward()
        if step == 0:
            case |= {"output": output.flatten().tolist(), "down_gradient": down.grad.flatten().tolist(), "up_gradient": up.grad.flatten().tolist()}
        optimizer.step()
    cases.append(case | {"down_after": down.flatten().tolist(), "up_after": up.flatten().tolist()})
print(json.dumps(cases))
