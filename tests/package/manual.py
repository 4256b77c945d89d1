#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""manual.py CONVERGE MANUAL

Holds the manual's options to those that `converge train --help` lists, which come from
the table of settings: the same options in the same order below the same headings, each
beginning with the same sentence. Of `converge sweep` the manual has those that differ."""

import os
import re
import subprocess
import sys

CHARACTERS = {r"\-": "-", r"\(lq": "“", r"\(rq": "”", r"\fI": "", r"\fR": "", r"\fB": ""}


def plain(text):
    for written, character in CHARACTERS.items():
        text = text.replace(written, character)
    text = re.sub(r"\\\[u([0-9A-F]+)\]", lambda match: chr(int(match.group(1), 16)), text)
    return " ".join(text.split())


def read_help(converge, command):
    """The headings, each with its options: how they are written, and what they do."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", COLUMNS="100")
    text = subprocess.run([converge, command, "--help"], env=environment, check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    groups = []
    for line in text.splitlines():
        option = re.match(r"  ((?:-\w, )?--\S+(?: [A-Z]+)?)(?:  +(.*))?$", line)
        if re.match(r"\S.*:$", line):
            groups.append((line[:-1], []))
        elif option and groups:
            groups[-1][1].append([option.group(1), option.group(2) or ""])
        elif line.startswith("   ") and groups and groups[-1][1]:
            groups[-1][1][-1][1] += " " + line.strip()
    return [group for group in groups if group[1]]


def join_fonts(line):
    """The text of a line whose words take turns in two fonts."""
    return "".join(word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)[1:])


def read_manual(path, section):
    text = open(path, encoding="utf-8").read().split(f".SH {section}\n")[1].split("\n.SH ")[0]
    groups = []
    for part in text.split("\n.SS ")[1:]:
        heading, *entries = part.split("\n.TP\n")
        groups.append((heading, []))
        for entry in entries:
            head, *lines = entry.split("\n")
            form = plain(join_fonts(head))
            negated = re.match(r"--(\S+), --no-\1$", form)
            words = (join_fonts(line) if re.match(r"\.[BIR][BIR] ", line)
                     else re.sub(r"^\.[BI] ", "", line) for line in lines)
            groups[-1][1].append(["--[no-]" + negated.group(1) if negated else form,
                                  plain(" ".join(words))])
    return groups


def compare(told, written):
    """What differs, and how many options were compared."""
    faults = []
    if [heading for heading, _ in told] != [heading for heading, _ in written]:
        faults.append(f"headings: {[h for h, _ in told]} and {[h for h, _ in written]}")
    options = [option for _, group in told for option in group]
    entries = [entry for _, group in written for entry in group]
    if [form for form, _ in options] != [form for form, _ in entries]:
        faults.append(f"options: {[f for f, _ in options]} and {[f for f, _ in entries]}")
    for (form, sentence), (_, text) in zip(options, entries):
        if not text.startswith(plain(sentence)):
            faults.append(f"{form}: “{plain(sentence)}” and “{text}”")
    return faults, len(options)


def main():
    converge, manual = sys.argv[1:]
    train = read_help(converge, "train")
    sweep = [group for group in read_help(converge, "sweep")
             if group not in train and group[0] != "On what, and how fast"]
    faults, n = compare(train, read_manual(manual, "OPTIONS"))
    more, n_more = compare(sweep, read_manual(manual, "OPTIONS OF SWEEP"))
    for fault in faults + more:
        print("The help and the manual differ in", fault)
    print(f"{n + n_more} options, {len(faults + more)} differences")
    return 1 if faults or more or n < 20 or n_more < 4 else 0


sys.exit(main())
