"""The peer of `cnn`: convolutions of 64 and 128 channels teach 16 and 32, on images of 28 × 28."""
import torch.nn.functional as F
from torch import nn

import peer


class Cnn(nn.Module):
    def __init__(self, config):
        super().__init__()
        first, second = config["channels"]
        side = (config["input_shape"][1] - 4) // 2
        self.conv1 = nn.Conv2d(config["input_shape"][0], first, 3)
        self.conv2 = nn.Conv2d(first, second, 3)
        self.fc1 = nn.Linear(second * side * side, config["hidden_size"])
        self.fc2 = nn.Linear(config["hidden_size"], len(config["id2label"]))

    def forward(self, images):
        x = F.relu(self.conv1(images))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def config(first, second, hidden):
    return {"input_shape": [1, 28, 28], "channels": [first, second], "hidden_size": hidden, "id2label": peer.classes(10)}


if __name__ == "__main__":
    task = {"teacher": config(64, 128, 256), "student": config(16, 32, 64), "mean": [0.5], "std": [0.25], "optimizer": "sgd", "learning_rate": 0.05}
    peer.main(task, Cnn, peer.Images)
