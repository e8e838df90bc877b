"""Steps of training with one thread in PyTorch, eager; prints the milliseconds of each as JSON: torch_training.py cnn|lstm|transformer STEPS"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from torch_export import CNN


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 64, 1, batch_first=True)
        self.fc = nn.Linear(64, 2)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, batch_first=True) for _ in range(2)]
        self.layers = nn.ModuleList(layers)
        self.fc = nn.Linear(128, 10)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.fc(x.mean(1))


models = {
    "cnn": (CNN, (32, 3, 24, 24), 10),
    "lstm": (Sequence, (32, 50, 10), 2),
    "transformer": (Encoder, (16, 64, 128), 10),
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    make, shape, classes = models[sys.argv[1]]
    model = make()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    count = 1
    for size in shape:
        count *= size
    x = torch.sin(torch.arange(count) * 1.37).reshape(shape)
    labels = torch.arange(shape[0]) % classes
    times = []
    for _ in range(int(sys.argv[2]) + 1):
        start = time.perf_counter()
        optimizer.zero_grad()
        F.cross_entropy(model(x), labels).backward()
        optimizer.step()
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps(times[1:]))
