"""Models by the `config.json` that Hugging Face keeps beside their weights."""

from tcplan.reading.huggingface.reader import read_config, recognises

__all__ = ["read_config", "recognises"]
