#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""samples.py FOLDER

Holds the sample data to the script that makes them."""

import filecmp
import os
import subprocess
import sys
import tempfile


def main():
    folder = sys.argv[1]
    names = sorted(name for name in os.listdir(folder) if name.endswith(".csv"))
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, os.path.join(folder, "generate.py"), made], check=True)
        assert sorted(os.listdir(made)) == names
        _, different, missing = filecmp.cmpfiles(folder, made, names, shallow=False)
    assert not different and not missing, f"not as generate.py makes them: {different + missing}"


if __name__ == "__main__":
    main()
