"""Turns pinned packages into safetensors with Hugging Face tensor names. Used by scripts/fetch-models; standard library only."""
