"""Adapters as Hugging Face PEFT saves them, and the logits of the models with them.

    python peft_adapters.py

PyTorch 2.13, transformers 5.18 and PEFT 0.21. data/peft/NAME is the folder that `save_pretrained` wrote; data/peft/NAME.safetensors has `logits`, with the adapters beside
the matrices, and `merged`, after `merge_and_unload`. The models and their inputs are those of models.py:

llama           adapters of two ranks and two scales
gpt2            matrices with their inputs first; a norm that is trained as a whole
vit             scaled by the root of the rank (`use_rslora`)
"""

import os

import peft
import torch
from common import fixture, here, write
from models import drawn, stored, strengthen
from safetensors.torch import load_file

configs = {
    "llama": dict(
        r=4,
        lora_alpha=8,
        target_modules=["q_proj", "v_proj", "down_proj"],
        rank_pattern={"down_proj": 2},
        alpha_pattern={"layers.1.self_attn.q_proj": 20},
    ),
    "gpt2": dict(r=3, lora_alpha=5, target_modules=["c_attn"], fan_in_fan_out=True, modules_to_save=["ln_f"]),
    "vit": dict(r=4, lora_alpha=6, target_modules=["q_proj", "v_proj"], use_rslora=True),
}


def logits_of(model, inputs):
    with torch.no_grad():
        result = model(**inputs)
    return result if torch.is_tensor(result) else result.logits


for name, config in configs.items():
    torch.manual_seed(1234)
    torch.set_num_threads(1)
    if name in stored:
        model = stored[name]()
        model.load_state_dict(fixture(name, "weights"), strict=False)
        inputs = {key[3:]: value for key, value in fixture(name, "io").items() if key.startswith("in.")}
    else:
        make_model, make_inputs = drawn[name]
        model, inputs = make_model(), make_inputs()
        strengthen(model)
        weights = load_file(os.path.join(here, "data", f"{name}.weights.safetensors"))
        assert all(torch.equal(value, weights[key]) for key, value in model.named_parameters())
    model.eval()
    adapted = peft.get_peft_model(model, peft.LoraConfig(**config)).eval()
    with torch.no_grad():
        for key, value in adapted.named_parameters():
            if "lora_B" in key or "modules_to_save" in key:
                value.add_(torch.randn_like(value) * 0.2)
    folder = os.path.join(here, "data", "peft", name)
    adapted.save_pretrained(folder)
    if os.path.exists(os.path.join(folder, "README.md")):
        os.remove(os.path.join(folder, "README.md"))
    results = {f"in.{key}": value for key, value in inputs.items()} | {"logits": logits_of(adapted, inputs)}
    merged = adapted.merge_and_unload()
    results["merged"] = logits_of(merged, inputs)
    print(name, (results["logits"] - results["merged"]).abs().max().item())
    write(f"peft/{name}", results)
