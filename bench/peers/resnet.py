"""The peer of `resnet`: ResNet-56 teaches ResNet-20 on augmented images of 32 × 32; names as in akamaster/pytorch_resnet_cifar10."""
import torch.nn.functional as F
from torch import nn

import peer


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.more = stride, outputs - inputs

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.stride > 1 or self.more:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
        return F.relu(y + x)


class ResNet(nn.Module):
    def __init__(self, config):
        super().__init__()
        inputs, blocks = config["embedding_size"], (config["depth"] - 2) // 6
        self.conv1 = nn.Conv2d(config["num_channels"], inputs, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(inputs)
        for stage, outputs in enumerate(config["hidden_sizes"]):
            layer = [Block(inputs if i == 0 else outputs, outputs, 2 if stage > 0 and i == 0 else 1) for i in range(blocks)]
            self.add_module(f"layer{stage + 1}", nn.Sequential(*layer))
            inputs = outputs
        self.linear = nn.Linear(inputs, len(config["id2label"]))

    def forward(self, images):
        x = F.relu(self.bn1(self.conv1(images)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


def config(depth):
    return {"depth": depth, "num_channels": 3, "embedding_size": 16, "hidden_sizes": [16, 32, 64], "id2label": peer.classes(10)}


if __name__ == "__main__":
    task = {
        "teacher": config(56),
        "student": config(20),
        "mean": [0.5] * 3,
        "std": [0.25] * 3,
        "augment": True,
        "optimizer": "sgd",
        "learning_rate": 0.05,
        "weight_decay": 5e-4,
    }
    peer.main(task, ResNet, peer.Images)
