#!/usr/bin/env python3
"""Tiny models of the architectures that hf: is for, with random weights, and what the Python library
makes of a picture, a text and a sound with them: fixtures/hf and its reference.json. Each folder is
laid out as on the Hugging Face hub for Transformers.js (config, tokenizer, preprocessor, onnx/).

Run with torch 2.13, transformers 5.24, onnx 1.23, pillow: python3 test/crosscheck/hf_models.py"""
import json, pathlib, shutil, wave
import numpy as np
import torch, transformers as hf
from PIL import Image
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

root = pathlib.Path(__file__).parents[2] / "fixtures" / "hf"
TEXTS = ["a red ship", "the ship sails far away at night", "ship"]
SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24)
CLIP_MEAN, CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
reference = {}


def folder(name):
    shutil.rmtree(root / name, ignore_errors=True)
    (root / name / "onnx").mkdir(parents=True)
    return root / name


def frozen(model):
    """Weights large enough that one input does not look like another."""
    torch.manual_seed(7)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.25) if parameter.dim() > 1 else None
    return model.eval()


class Only(torch.nn.Module):
    """A model that takes and gives tensors in an order, as an exporter wants it."""
    def __init__(self, model, names, outputs):
        super().__init__()
        self.model, self.names, self.outputs = model, names, outputs

    def forward(self, *inputs):
        made = self.model(**dict(zip(self.names, inputs)))
        return tuple(getattr(made, name) for name in self.outputs)


def export(model, path, inputs, outputs):
    names = list(inputs)
    axes = {n: {0: "items", **({1: "length"} if inputs[n].dim() == 2 else {})} for n in names}
    torch.onnx.export(
        Only(model, names, outputs).eval(), tuple(inputs.values()), str(path), dynamo=False, opset_version=17,
        input_names=names, output_names=outputs, dynamic_axes=axes,
    )


def write(where, name, value):
    (where / name).write_text(json.dumps(value))


def tokenizer(where, cls, **special):
    """Whole words; what is unknown is [UNK]."""
    words = sorted(set(" ".join(TEXTS).split()))
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {w: i for i, w in enumerate(names + words)}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    raw.normalizer = normalizers.Lowercase()
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    raw.save(str(where / "tokenizer.json"))
    write(where, "tokenizer_config.json", dict(
        tokenizer_class=cls, model_max_length=8, pad_token="[PAD]", unk_token="[UNK]",
        cls_token="[CLS]", sep_token="[SEP]"))
    fast = hf.PreTrainedTokenizerFast(tokenizer_object=raw, pad_token="[PAD]", unk_token="[UNK]", model_max_length=8)
    return fast, len(vocabulary)


def numbers(tensor):
    return np.asarray(tensor.detach(), dtype=float).round(6).tolist()


def picture():
    """16 x 16 pixels, so that nothing is resized: what is compared is everything after that."""
    y, x = np.mgrid[:16, :16]
    pixels = np.stack([x * 16, y * 16, (x * y) % 256], axis=-1).astype(np.uint8)
    Image.fromarray(pixels).save(root / "picture.png")
    return pixels


def pixel_values(pixels, mean, std):
    scaled = (pixels.astype(np.float32) / 255 - mean) / std
    return torch.from_numpy(scaled.transpose(2, 0, 1)[None].astype(np.float32))


def sound():
    """Half a second at 16 kHz in 16 bits: a sweep."""
    t = np.arange(8000) / 16000
    samples = np.round(12000 * np.sin(2 * np.pi * (200 * t + 2000 * t * t))).astype("<i2")
    with wave.open(str(root / "sound.wav"), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(16000), file.writeframes(samples.tobytes())
    return samples.astype(np.float32) / 32768


root.mkdir(parents=True, exist_ok=True)
pixels, samples = picture(), sound()


def tokens_of(fast, **more):
    return fast(TEXTS, return_tensors="pt", truncation=True, **more)


def with_pictures(name, model, mean, std):
    where = folder(name)
    write(where, "config.json", {**model.config.to_dict(), "architectures": [type(model).__name__]})
    write(where, "preprocessor_config.json", dict(
        image_processor_type="CLIPImageProcessor", do_resize=True, size=dict(shortest_edge=16), resample=3,
        do_center_crop=True, crop_size=dict(height=16, width=16), do_rescale=True, rescale_factor=1 / 255,
        do_normalize=True, image_mean=mean, image_std=std))
    return where


# CLIP: projections of both towers, and the tokens of each
_, size = tokenizer(folder("clip"), "PreTrainedTokenizerFast")
config = hf.CLIPConfig(
    text_config=dict(**SIZES, vocab_size=size, max_position_embeddings=8, eos_token_id=3, bos_token_id=2, pad_token_id=0),
    vision_config=dict(**SIZES, image_size=16, patch_size=8), projection_dim=12)
model = frozen(hf.CLIPModel._from_config(config, attn_implementation="eager"))
where = with_pictures("clip", model, CLIP_MEAN, CLIP_STD)
fast, _ = tokenizer(where, "PreTrainedTokenizerFast")


class Tower(torch.nn.Module):
    """A tower of a two-tower model with its projection, as the exported files have it."""
    def __init__(self, tower, projection, name):
        super().__init__()
        self.tower, self.projection, self.name = tower, projection, name

    def forward(self, **inputs):
        made = self.tower(**inputs)
        return type("Made", (), {self.name: self.projection(made.pooler_output), "last_hidden_state": made.last_hidden_state})


pv, tokens = pixel_values(pixels, CLIP_MEAN, CLIP_STD), tokens_of(fast, padding=True)
image_tower = Tower(model.vision_model, model.visual_projection, "image_embeds")
text_tower = Tower(model.text_model, model.text_projection, "text_embeds")
export(image_tower, where / "onnx/vision_model.onnx", dict(pixel_values=pv), ["image_embeds", "last_hidden_state"])
export(text_tower, where / "onnx/text_model.onnx",
       dict(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]), ["text_embeds", "last_hidden_state"])
with torch.no_grad():
    made = image_tower(pixel_values=pv)
    texts = [text_tower(**{k: v for k, v in fast(t, return_tensors="pt", truncation=True).items() if k != "token_type_ids"}) for t in TEXTS]
reference["clip"] = dict(image=numbers(made.image_embeds[0]), imageTokens=numbers(made.last_hidden_state[0]),
                         text=[numbers(t.text_embeds[0]) for t in texts])

# BERT as a sentence model: the mean over the tokens that are there
where = folder("bert")
fast, size = tokenizer(where, "BertTokenizer")
model = frozen(hf.BertModel._from_config(hf.BertConfig(**SIZES, vocab_size=size, max_position_embeddings=8), attn_implementation="eager"))
write(where, "config.json", {**model.config.to_dict(), "architectures": ["BertModel"]})
tokens = tokens_of(fast, padding=True)
inputs = {k: tokens[k] if k in tokens else torch.zeros_like(tokens["input_ids"]) for k in ["input_ids", "attention_mask", "token_type_ids"]}
export(model, where / "onnx/model.onnx", inputs, ["last_hidden_state"])
with torch.no_grad():
    alone = [model(**fast(t, return_tensors="pt", truncation=True)).last_hidden_state[0] for t in TEXTS]
reference["bert"] = dict(mean=[numbers(a.mean(0)) for a in alone], cls=[numbers(a[0]) for a in alone],
                         tokens=[numbers(a) for a in alone])

# DINOv2 and ViT: the first token of the last layer
for name, model, mean, std in [
    ("dinov2", hf.Dinov2Model._from_config(hf.Dinov2Config(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=16, patch_size=8), attn_implementation="eager"), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ("vit", hf.ViTModel._from_config(hf.ViTConfig(**SIZES, image_size=16, patch_size=8), attn_implementation="eager", add_pooling_layer=False), [0.5] * 3, [0.5] * 3),
]:
    model = frozen(model)
    where = with_pictures(name, model, mean, std)
    pv = pixel_values(pixels, mean, std)
    export(model, where / "onnx/model.onnx", dict(pixel_values=pv), ["last_hidden_state"])
    with torch.no_grad():
        reference[name] = dict(image=numbers(model(pixel_values=pv).last_hidden_state[0, 0]))

# SigLIP: pooled by attention; texts are filled up to the length it was trained with
_, size = tokenizer(folder("siglip"), "PreTrainedTokenizerFast")
config = hf.SiglipConfig(
    text_config=dict(**SIZES, vocab_size=size, max_position_embeddings=8, pad_token_id=0, eos_token_id=3, bos_token_id=2, projection_size=16),
    vision_config=dict(**SIZES, image_size=16, patch_size=8))
model = frozen(hf.SiglipModel._from_config(config, attn_implementation="eager"))
where = with_pictures("siglip", model, [0.5] * 3, [0.5] * 3)
fast, _ = tokenizer(where, "PreTrainedTokenizerFast")
pv, tokens = pixel_values(pixels, [0.5] * 3, [0.5] * 3), tokens_of(fast, padding="max_length", max_length=8)
export(model.vision_model, where / "onnx/vision_model.onnx", dict(pixel_values=pv), ["last_hidden_state", "pooler_output"])
export(model.text_model, where / "onnx/text_model.onnx", dict(input_ids=tokens["input_ids"]), ["last_hidden_state", "pooler_output"])
with torch.no_grad():
    reference["siglip"] = dict(image=numbers(model.vision_model(pixel_values=pv).pooler_output[0]),
                               text=numbers(model.text_model(input_ids=tokens["input_ids"]).pooler_output))

# wav2vec2: the mean over time of the last layer
where = folder("wav2vec2")
model = frozen(hf.Wav2Vec2Model._from_config(hf.Wav2Vec2Config(
    **SIZES, conv_dim=[8, 8], conv_stride=[20, 16], conv_kernel=[40, 16], num_feat_extract_layers=2,
    num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2, vocab_size=8), attn_implementation="eager"))
write(where, "config.json", {**model.config.to_dict(), "architectures": ["Wav2Vec2Model"]})
extractor = hf.Wav2Vec2FeatureExtractor(do_normalize=True)
extractor.save_pretrained(where)
values = extractor(samples, sampling_rate=16000, return_tensors="pt").input_values
export(model, where / "onnx/model.onnx", dict(input_values=values), ["last_hidden_state"])
with torch.no_grad():
    reference["wav2vec2"] = dict(mean=numbers(model(values).last_hidden_state[0].mean(0)))

# Whisper's encoder: half a minute of frames, of which the mean
where = folder("whisper")
extractor = hf.WhisperFeatureExtractor(feature_size=16, chunk_length=2)
extractor.save_pretrained(where)
model = frozen(hf.WhisperModel._from_config(hf.WhisperConfig(
    d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=2,
    encoder_ffn_dim=24, decoder_ffn_dim=24, num_mel_bins=16, max_source_positions=100, vocab_size=16,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1, suppress_tokens=None,
    begin_suppress_tokens=None), attn_implementation="eager"))
write(where, "config.json", {**model.config.to_dict(), "architectures": ["WhisperForConditionalGeneration"]})
features = extractor(samples, sampling_rate=16000, return_tensors="pt").input_features
export(model.encoder, where / "onnx/encoder_model.onnx", dict(input_features=features), ["last_hidden_state"])
with torch.no_grad():
    hidden = model.encoder(features).last_hidden_state[0]
    reference["whisper"] = dict(mean=numbers(hidden.mean(0)), first=numbers(hidden[:3]), frames=len(hidden))

# CLAP: the projection of its audio tower
where = folder("clap")
extractor = hf.ClapFeatureExtractor(feature_size=64, sampling_rate=16000, hop_length=160, max_length_s=1, fft_window_size=512,
                                    frequency_min=50, frequency_max=8000, truncation="rand_trunc", padding="repeatpad")
extractor.save_pretrained(where)
config = hf.ClapConfig(
    text_config=dict(**SIZES, vocab_size=12), projection_dim=12,
    audio_config=dict(num_mel_bins=64, spec_size=128, patch_size=8, patch_stride=[8, 8], window_size=4, hidden_size=16,
                      patch_embeds_hidden_size=8, depths=[1, 1], num_attention_heads=[2, 2], projection_dim=12, num_classes=4,
                      enable_fusion=False, fusion_num_hidden_layers=1))
model = frozen(hf.ClapModel._from_config(config, attn_implementation="eager"))
write(where, "config.json", {**model.config.to_dict(), "architectures": ["ClapModel"]})
features = extractor(samples, sampling_rate=16000, return_tensors="pt")["input_features"]
tower = Tower(model.audio_model, model.audio_projection, "audio_embeds")
Tower.forward = lambda self, **inputs: type("Made", (), {self.name: self.projection(self.tower(**inputs).pooler_output)})
export(tower, where / "onnx/audio_model.onnx", dict(input_features=features), ["audio_embeds"])
with torch.no_grad():
    reference["clap"] = dict(audio=numbers(tower(input_features=features).audio_embeds[0]))

reference["texts"] = TEXTS
(root / "reference.json").write_text(json.dumps(reference) + "\n")
