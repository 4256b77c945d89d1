# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the package's copyright file says of each file what its first lines say.

    licences.py SOURCE
"""

import fnmatch
import os
import pathlib
import re
import sys

SHORT = {"GPL-3.0-or-later": "GPL-3+", "LGPL-2.1-or-later": "LGPL-2.1+", "CC0-1.0": "CC0-1.0"}
TAG = re.compile(r"SPDX-License-Identifier: (\S+)|<metadata_license>([^<]+)<")


def read_rules(copyright_file):
    """Patterns and licences, in their order; and the licences that have a text."""
    rules, texts = [], set()
    for paragraph in re.split(r"\n\n+", copyright_file.read_text(encoding="utf-8")):
        fields = dict(re.findall(r"^(\S+):[ \n]?((?:.*)(?:\n[ \t].*)*)", paragraph, re.M))
        if "Files" in fields:
            rules += [(pattern, fields["License"]) for pattern in fields["Files"].split()]
        elif "License" in fields:
            texts.add(fields["License"].split("\n")[0])
    return rules, texts


def source_files(source):
    for folder, folders, names in os.walk(source):
        # Builds and what belongs to git or to tools.
        folders[:] = [name for name in folders if name[0] not in "._" and name != "builddir"]
        for name in names:
            yield pathlib.Path(folder, name)


def main():
    source = pathlib.Path(sys.argv[1])
    rules, texts = read_rules(source / "data" / "debian" / "copyright")
    checked = failed = 0
    for path in source_files(source):
        name = path.relative_to(source).as_posix()
        with open(path, encoding="utf-8", errors="replace") as file:
            tag = TAG.search(file.read(600))
        if not tag:
            continue
        checked += 1
        said = SHORT.get(tag[1] or tag[2], tag[1] or tag[2])
        # The last pattern counts, and its * matches slashes too.
        listed = [licence for pattern, licence in rules if fnmatch.fnmatchcase(name, pattern)][-1]
        if said != listed:
            print(f"{name} is under {said}, data/debian/copyright says {listed}.", file=sys.stderr)
            failed += 1
    for licence in {licence for _, licence in rules} - texts:
        print(f"data/debian/copyright has no text of {licence}.", file=sys.stderr)
        failed += 1
    return 0 if checked > 100 and failed == 0 else 1


sys.exit(main())
