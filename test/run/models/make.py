"""Reference values of the models in this folder: weights, inputs and outputs of the same networks in PyTorch.

    python make.py [NAME..]   # PyTorch 2.13, transformers 5.18, CPU; writes beside itself

NAME.safetensors holds `weight.<name in the state dict>`, and for each case `in.<case>.<input>` and `out.<case>.<output>`. NAME.json is the configuration
of the checkpoint, where there is one. DETR, the graph network and Swin are written here, from the papers; the others are those of Hugging Face.
"""

import math
import json
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
import transformers
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))


class Modules(nn.Module):
    """Submodules and parameters under their names, and a function of them and the inputs."""

    def __init__(self, forward, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)
        self.run = forward

    def forward(self, *args, **inputs):
        return self.run(self, *args, **inputs)


def shaken(module, std=0.4):
    """Every parameter away from its initial value, so that scales of one and shifts of zero cannot hide."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape) * std + (1 if parameter.dim() == 1 else 0))
    return module.eval()


def ids(n, t, high=12):
    return torch.randint(1, high, (n, t))


def mask(lengths, t):
    return (torch.arange(t)[None] < torch.tensor(lengths)[:, None]).long()


# ---------------------------------------------------------------- Swin


def windows_of(x, w):
    n, height, width, d = x.shape
    return x.view(n, height // w, w, width // w, w, d).permute(0, 1, 3, 2, 4, 5).reshape(-1, w * w, d)


def image_of(x, w, height, width):
    return x.view(-1, height // w, width // w, w, w, x.shape[-1]).permute(0, 1, 3, 2, 4, 5).reshape(-1, height, width, x.shape[-1])


def window_attention(d, heads, w):
    rows, columns = torch.meshgrid(torch.arange(w), torch.arange(w), indexing="ij")
    at = torch.stack([rows, columns]).flatten(1)
    apart = (at[:, :, None] - at[:, None, :]).permute(1, 2, 0) + w - 1
    index = apart[..., 0] * (2 * w - 1) + apart[..., 1]

    def forward(m, x, shifted):
        b, t, _ = x.shape
        q, k, v = m.qkv(x).view(b, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) * (d // heads) ** -0.5 + m.relative_position_bias_table[index].permute(2, 0, 1)
        if shifted is not None:
            n = shifted.shape[0]
            scores = (scores.view(b // n, n, heads, t, t) + shifted[None, :, None]).view(b, heads, t, t)
        return m.proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d))

    table = nn.Parameter(torch.zeros((2 * w - 1) ** 2, heads))
    return Modules(forward, relative_position_bias_table=table, qkv=nn.Linear(d, 3 * d), proj=nn.Linear(d, d))


def shift_mask(height, width, w, shift):
    image = torch.zeros(1, height, width, 1)
    parts = (slice(0, -w), slice(-w, -shift), slice(-shift, None))
    for i, rows in enumerate(parts):
        for j, columns in enumerate(parts):
            image[:, rows, columns] = 3 * i + j
    region = windows_of(image, w).view(-1, w * w)
    return torch.where(region[:, None] == region[:, :, None], 0.0, -100.0)


def swin_block(d, heads, w, shift):
    def forward(m, x):
        _, height, width, _ = x.shape
        y = m.norm1(x)
        if shift:
            y = torch.roll(y, (-shift, -shift), (1, 2))
        y = image_of(m.attn(windows_of(y, w), shift_mask(height, width, w, shift) if shift else None), w, height, width)
        if shift:
            y = torch.roll(y, (shift, shift), (1, 2))
        x = x + y
        return x + m.mlp["fc2"](F.gelu(m.mlp["fc1"](m.norm2(x))))

    mlp = nn.ModuleDict({"fc1": nn.Linear(d, 4 * d), "fc2": nn.Linear(4 * d, d)})
    return Modules(forward, norm1=nn.LayerNorm(d), attn=window_attention(d, heads, w), norm2=nn.LayerNorm(d), mlp=mlp)


def merge(m, x):
    n, height, width, d = x.shape
    x = x.view(n, height // 2, 2, width // 2, 2, d).permute(0, 1, 3, 2, 4, 5).reshape(n, height // 2, width // 2, 4 * d)
    return m.reduction(m.norm(x))


def swin():
    d, w = 4, 2

    def forward(m, image):
        x = m.norm0(m.patch(image).permute(0, 2, 3, 1))
        for stage in m.layers:
            for block in stage["blocks"]:
                x = block(x)
            if "downsample" in stage:
                x = stage["downsample"](x)
        return {"logits": m.head(m.norm(x).mean([1, 2]))}

    blocks = [nn.ModuleList([swin_block(k * d, 2 * k, w, i) for i in (0, 1)]) for k in (1, 2)]
    down = Modules(merge, norm=nn.LayerNorm(4 * d), reduction=nn.Linear(4 * d, 2 * d, bias=False))
    layers = nn.ModuleList([nn.ModuleDict({"blocks": blocks[0], "downsample": down}), nn.ModuleDict({"blocks": blocks[1]})])
    model = Modules(
        forward,
        patch=nn.Conv2d(3, d, 2, 2),
        norm0=nn.LayerNorm(d),
        layers=layers,
        norm=nn.LayerNorm(2 * d),
        head=nn.Linear(2 * d, 3),
    )
    return shaken(model), [{"image": torch.randn(1, 3, 8, 16)}, {"image": torch.randn(2, 3, 16, 8)}]


# ---------------------------------------------------------------- DETR


def attend(d):
    return nn.MultiheadAttention(d, 2, batch_first=True)


def detr_encoder(d):
    def forward(m, x, pos):
        q = x + pos
        x = m.norm1(x + m.self_attn(q, q, x)[0])
        return m.norm2(x + m.linear2(F.relu(m.linear1(x))))

    norms = {f"norm{i}": nn.LayerNorm(d) for i in (1, 2)}
    return Modules(forward, self_attn=attend(d), linear1=nn.Linear(d, 6), linear2=nn.Linear(6, d), **norms)


def detr_decoder(d):
    def forward(m, x, query, memory, pos):
        q = x + query
        x = m.norm1(x + m.self_attn(q, q, x)[0])
        x = m.norm2(x + m.multihead_attn(x + query, memory + pos, memory)[0])
        return m.norm3(x + m.linear2(F.relu(m.linear1(x))))

    norms = {f"norm{i}": nn.LayerNorm(d) for i in (1, 2, 3)}
    parts = {"self_attn": attend(d), "multihead_attn": attend(d), "linear1": nn.Linear(d, 6), "linear2": nn.Linear(6, d)}
    return Modules(forward, **parts, **norms)


def sine2d(height, width, d):
    """As PositionEmbeddingSine of the authors' code, with normalisation."""
    ones = torch.ones(1, height, width)
    y = ones.cumsum(1) / (height + 1e-6) * 2 * math.pi
    x = ones.cumsum(2) / (width + 1e-6) * 2 * math.pi
    rate = 10000 ** (4 * torch.arange(d // 4) / d)
    waves = [torch.stack([(p[..., None] / rate).sin(), (p[..., None] / rate).cos()], 4).flatten(3) for p in (y, x)]
    return torch.cat(waves, 3).flatten(1, 2)


def detr():
    d = 8

    def forward(m, image):
        f = m.input_proj(m.backbone(image))
        pos = sine2d(*f.shape[2:], d)
        x = f.flatten(2).transpose(1, 2)
        for layer in m.encoder["layers"]:
            x = layer(x, pos)
        h = torch.zeros(len(x), 3, d)
        for layer in m.decoder["layers"]:
            h = layer(h, m.query_embed.weight[None], x, pos)
        h = boxes = m.decoder["norm"](h)
        for i, layer in enumerate(m.bbox_embed["layers"]):
            boxes = layer(boxes if i == 0 else F.relu(boxes))
        return {"logits": m.class_embed(h), "boxes": boxes.sigmoid()}

    model = Modules(
        forward,
        query_embed=nn.Embedding(3, d),
        backbone=nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU(), nn.Conv2d(4, d, 3, 2, 1), nn.ReLU()),
        input_proj=nn.Conv2d(d, d, 1),
        encoder=nn.ModuleDict({"layers": nn.ModuleList([detr_encoder(d)])}),
        decoder=nn.ModuleDict({"layers": nn.ModuleList([detr_decoder(d)]), "norm": nn.LayerNorm(d)}),
        class_embed=nn.Linear(d, 3),
        bbox_embed=nn.ModuleDict({"layers": nn.ModuleList([nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, 4)])}),
    )
    return shaken(model), [{"image": torch.randn(2, 3, 9, 6)}, {"image": torch.randn(1, 3, 5, 14)}]


# ---------------------------------------------------------------- graph networks


def graph_convolution(m, x, edges):
    adjacency = torch.eye(len(x))
    for a, b in edges.T:
        adjacency[b, a] += 1
    scale = adjacency.sum(1).rsqrt()
    return scale[:, None] * adjacency * scale[None] @ m.lin(x) + m.bias


def graph_attention(m, x, edges):
    h = m.lin(x).view(-1, 2, 4)
    source, target = edges
    score = F.leaky_relu((h * m.att_src).sum(-1)[source] + (h * m.att_dst).sum(-1)[target], 0.2)
    out = torch.zeros_like(h)
    for v in range(len(x)):
        into = (target == v).nonzero().flatten()
        if len(into) > 0:
            out[v] = (score[into].softmax(0)[..., None] * h[source[into]]).sum(0)
    return out.flatten(1)


def gnn():
    def forward(m, x, edges, graph, sizes):
        h = F.elu(m.conv2(F.relu(m.conv1(x, edges)), edges))
        sums = torch.zeros(len(sizes), 8).index_add(0, graph, h)
        return {"nodes": F.log_softmax(m.head(h), -1), "graphs": m.pool(sums / sizes[:, None])}

    def att():
        return nn.Parameter(torch.zeros(1, 2, 4))

    model = Modules(
        forward,
        conv1=Modules(graph_convolution, bias=nn.Parameter(torch.zeros(8)), lin=nn.Linear(6, 8, bias=False)),
        conv2=Modules(graph_attention, att_src=att(), att_dst=att(), lin=nn.Linear(8, 8, bias=False)),
        head=nn.Linear(8, 3),
        pool=nn.Linear(8, 3),
    )

    def case(nodes, edges, graphs):
        graph = torch.arange(nodes) * graphs // nodes
        sizes = torch.bincount(graph, minlength=graphs).float()
        return {"x": torch.randn(nodes, 6), "edges": torch.randint(0, nodes, (2, edges)), "graph": graph, "sizes": sizes}

    return shaken(model), [case(5, 9, 2), case(7, 20, 3)]


# ---------------------------------------------------------------- Hugging Face


def t5():
    config = transformers.T5Config(
        vocab_size=12, d_model=8, d_kv=3, d_ff=6, num_layers=2, num_heads=2, relative_attention_num_buckets=8,
        relative_attention_max_distance=12, feed_forward_proj="gated-gelu", tie_word_embeddings=False,
    )  # fmt: skip
    model = shaken(transformers.T5ForConditionalGeneration(config))
    model.encoder.embed_tokens.weight = model.decoder.embed_tokens.weight = model.shared.weight

    def case(n, s, t, lengths):
        return {"input_ids": ids(n, s), "attention_mask": mask(lengths, s), "decoder_input_ids": ids(n, t)}

    run = Modules(lambda m, **inputs: {"logits": model(**inputs).logits})
    run.state_dict = lambda: {k: v for k, v in model.state_dict().items() if "embed_tokens" not in k}
    run.config = config
    return run, [case(2, 5, 3, [5, 2]), case(1, 17, 14, [16])]


def llama():
    config = transformers.LlamaConfig(
        vocab_size=12, hidden_size=8, intermediate_size=10, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        rms_norm_eps=1e-5, rope_theta=500000.0, tie_word_embeddings=False,
    )  # fmt: skip
    model = shaken(transformers.LlamaForCausalLM(config))

    def forward(_, input_ids, attention_mask, past_k, past_v):
        cache = transformers.DynamicCache(config=config)
        for i in range(2):
            cache.update(past_k[i], past_v[i], i)
        past = past_k.shape[3]
        positions = torch.arange(past, past + input_ids.shape[1])[None].expand(len(input_ids), -1)
        out = model(input_ids=input_ids, attention_mask=attention_mask, past_key_values=cache, position_ids=positions)
        layers = out.past_key_values.layers
        return {
            "logits": out.logits,
            "new_k": torch.stack([layer.keys for layer in layers]),
            "new_v": torch.stack([layer.values for layer in layers]),
        }

    def case(n, t, past, hidden):
        return {
            "input_ids": ids(n, t),
            "attention_mask": 1 - mask(hidden, past + t),
            "past_k": torch.randn(2, n, 2, past, 2),
            "past_v": torch.randn(2, n, 2, past, 2),
        }

    run = Modules(forward)
    run.state_dict = model.state_dict
    return run, [case(2, 4, 3, [0, 2]), case(1, 1, 6, [1])]


def moe():
    from transformers.models.mixtral.modeling_mixtral import MixtralSparseMoeBlock

    config = transformers.MixtralConfig(hidden_size=4, intermediate_size=3, num_local_experts=4, num_experts_per_tok=2)

    def forward(m, x):
        y = m.moe(x)
        chosen = (x.reshape(-1, 4) @ m.moe.gate.weight.T).topk(2).indices
        return {"y": y[0] if isinstance(y, tuple) else y, "load": F.one_hot(chosen, 4).sum(1).float().mean(0)}

    model = shaken(Modules(forward, moe=MixtralSparseMoeBlock(config)))
    return model, [{"x": torch.randn(2, 4, 4)}, {"x": torch.randn(1, 3, 4)}]


# ---------------------------------------------------------------- with the configuration of the checkpoint


def logits_of(model):
    run = Modules(lambda m, **inputs: {"logits": model(**inputs).logits})
    run.state_dict = lambda: {k: v for k, v in model.state_dict().items() if k not in (model._tied_weights_keys or {})}
    run.config = model.config
    return run


def causal_llama():
    config = transformers.LlamaConfig(
        vocab_size=12, hidden_size=8, intermediate_size=10, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        rms_norm_eps=1e-5, rope_parameters={"rope_type": "default", "rope_theta": 5e5},
    )  # fmt: skip
    model = shaken(transformers.LlamaForCausalLM(config))
    case = lambda n, t, lengths: {"input_ids": ids(n, t), "attention_mask": mask(lengths, t)}
    run = logits_of(model)
    run.state_dict = model.state_dict
    return run, [case(2, 5, [5, 3]), case(1, 4, [4])]


def convnext():
    config = transformers.ConvNextConfig(
        num_channels=3, patch_size=2, num_stages=2, hidden_sizes=[4, 6], depths=[1, 2], num_labels=3, layer_norm_eps=1e-5
    )
    return logits_of(shaken(transformers.ConvNextForImageClassification(config))), [
        {"pixel_values": torch.randn(1, 3, 8, 13)},
        {"pixel_values": torch.randn(2, 3, 12, 8)},
    ]


def mobilenet_v2():
    config = transformers.MobileNetV2Config(
        depth_multiplier=0.1, depth_divisible_by=2, min_depth=2, expand_ratio=2.0, finegrained_output=False, num_labels=3
    )
    model = shaken(transformers.MobileNetV2ForImageClassification(config))
    with torch.no_grad():
        for name, buffer in model.named_buffers():
            if name.endswith("running_var"):
                buffer.copy_(torch.rand(buffer.shape) + 0.5)
            elif name.endswith("running_mean"):
                buffer.copy_(torch.randn(buffer.shape) * 0.3)
    return logits_of(model), [{"pixel_values": torch.randn(1, 3, 64, 33)}, {"pixel_values": torch.randn(2, 3, 40, 64)}]


def whisper():
    config = transformers.WhisperConfig(
        vocab_size=12, num_mel_bins=3, d_model=8, encoder_layers=2, decoder_layers=3, encoder_attention_heads=2, decoder_attention_heads=4,
        encoder_ffn_dim=6, decoder_ffn_dim=10, max_source_positions=8, max_target_positions=6,
        pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1, suppress_tokens=[], begin_suppress_tokens=[],
    )  # fmt: skip
    model = shaken(transformers.WhisperForConditionalGeneration(config))
    case = lambda n, t: {"input_features": torch.randn(n, 3, 16), "decoder_input_ids": ids(n, t)}
    return logits_of(model), [case(2, 5), case(1, 3)]


builds = (swin, detr, gnn, t5, llama, moe, causal_llama, convnext, mobilenet_v2, whisper)

for build in [b for b in builds if b.__name__ in sys.argv[1:] or len(sys.argv) == 1]:
    torch.manual_seed(0)
    model, cases = build()
    tensors = {f"weight.{name}": value for name, value in model.state_dict().items()}
    for i, inputs in enumerate(cases):
        with torch.no_grad():
            outputs = model(**inputs)
        tensors |= {f"in.{i}.{name}": value for name, value in inputs.items()}
        tensors |= {f"out.{i}.{name}": value for name, value in outputs.items()}
    save_file({name: value.clone().contiguous() for name, value in tensors.items()}, os.path.join(here, f"{build.__name__}.safetensors"))
    config = getattr(model, "config", None)
    if config is not None:
        with open(os.path.join(here, f"{build.__name__}.json"), "w") as file:
            json.dump(config.to_diff_dict(), file, indent=2, sort_keys=True)
            file.write("\n")
