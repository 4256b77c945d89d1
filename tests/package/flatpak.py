# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the manifest for Flatpak is well formed and names only what there is.

    flatpak.py SOURCE MANIFEST BINARY
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

MESON = {"buildtype"}


def faults(source, manifest_path, binary):
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    for key in ("id", "runtime", "runtime-version", "sdk", "command", "finish-args", "modules"):
        if not manifest.get(key):
            yield f"“{key}” is missing"
    if manifest["id"] != manifest_path.stem:
        yield f"“{manifest['id']}” is not the name of the file"
    if manifest["command"] != binary:
        yield f"“{manifest['command']}” is not the program, “{binary}”"
    for argument in manifest["finish-args"]:
        if not re.fullmatch(r"--(share|socket|device)=[a-z0-9-]+", argument):
            yield f"“{argument}” gives more than a screen"

    options = set(re.findall(r"option\('(\w+)'", (source / "meson_options.txt").read_text()))
    for module in manifest["modules"]:
        name = module.get("name", "a module without a name")
        if module.get("buildsystem") not in ("simple", "meson"):
            yield f"{name}: its build system is not one that is used here"
        if module.get("buildsystem") == "simple" and not module.get("build-commands"):
            yield f"{name}: it has no commands"
        for option in module.get("config-opts", []):
            match = re.fullmatch(r"-D(\w+)=\w+", option)
            if not match or match[1] not in options | MESON:
                yield f"{name}: there is no option “{option}”"
        if not module.get("sources"):
            yield f"{name}: it has no sources"
        for entry in module.get("sources", []):
            yield from (f"{name}: {fault}" for fault in source_faults(entry, manifest_path.parent))

    path = manifest["modules"][-1]["sources"][0].get("path", "nowhere")
    if (manifest_path.parent / path).resolve() != source.resolve():
        yield "the last module is not this project"


def source_faults(entry, folder):
    if entry.get("type") == "archive":
        if not entry.get("url", "").startswith("https://"):
            yield "an archive needs an address with https"
        if not re.fullmatch(r"[0-9a-f]{64}", entry.get("sha256", "")):
            yield "an archive needs its SHA-256"
    elif entry.get("type") in ("dir", "file", "patch"):
        if not (folder / entry.get("path", "nowhere")).exists():
            yield f"there is no “{entry.get('path')}”"
    else:
        yield f"“{entry.get('type')}” is no kind of source that is used here"


def main():
    source, manifest_path = map(pathlib.Path, sys.argv[1:3])
    found = list(faults(source, manifest_path, sys.argv[3]))
    if not found and shutil.which("flatpak-builder"):
        shown = subprocess.run(["flatpak-builder", "--show-manifest", manifest_path],
                               capture_output=True, text=True, check=False)
        if shown.returncode != 0:
            found.append(f"flatpak-builder: {shown.stderr.strip()}")
    for fault in found:
        print(f"{manifest_path}: {fault}.", file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
