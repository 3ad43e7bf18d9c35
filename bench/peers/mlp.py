"""The peer of `mlp`: 784-1200-1200-10 teaches 784-800-800-10."""
import torch.nn.functional as F
from torch import nn

import peer


class Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = 1
        for size in config["input_shape"]:
            width *= size
        widths = [width, *config["hidden_sizes"], len(config["id2label"])]
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in zip(widths, widths[1:]))

    def forward(self, images):
        x = images.flatten(1)
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


def config(*hidden):
    return {"input_shape": [1, 28, 28], "hidden_sizes": hidden, "id2label": peer.classes(10)}


if __name__ == "__main__":
    task = {"teacher": config(1200, 1200), "student": config(800, 800), "mean": [0.5], "std": [0.25], "optimizer": "sgd", "learning_rate": 0.05}
    peer.main(task, Mlp, peer.Images)
