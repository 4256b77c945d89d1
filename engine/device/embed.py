#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""embed.py HEADER ROOT NAME: a header with all it includes of ours, as a C string.

Loops that are compiled at run time need it where no header of ours is.
"""

import pathlib
import re
import sys


def read(path, root, seen):
    if path in seen:
        return
    seen.add(path)
    for line in path.read_text(encoding="utf-8").splitlines():
        include = re.match(r'#include "(.*)"', line)
        if include:
            yield from read(root / include[1], root, seen)
        elif not line.startswith("#pragma once"):
            yield line


def main():
    header, root, name = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    print(f"static const char {name}[] =")
    for line in read(header, root, set()):
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        print(f'  "{escaped}\\n"')
    print("  ;")


if __name__ == "__main__":
    main()
