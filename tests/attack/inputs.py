# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for command lines to read: tables of numbers and a run.json, some as they should
be and some as they should not."""

import gzip
import os
import subprocess

GOOD_TABLE = b"t,y,z\n" + b"".join(b"%d,%.6f,%d\n" % (i, 3 * 0.9 ** i, i * i) for i in range(40))

TABLES = {
    "good.csv": GOOD_TABLE,
    "two.csv": b"1,2\n2,4\n",
    "long.csv": b"x,y\n" + b"".join(b"%.4f,%.4f\n" % (i / 5000, i % 17) for i in range(20000)),
    "semicolons.csv": b"t;y\r\n0,5;1,5\r\n1,5;2,5\r\n2,5;4\r\n",
    "tabs.tsv": b"# measured\nt\ty\n1\t2\n2\t3\n4\t7\n",
    "blanks.txt": b" 1.0D+02  -2\n 2.0D+02   5\n 3e2 1\n",
    "no-end": b"\xef\xbb\xbft,y\n1,2\n3,4\n5,6",
    "quoted.csv": b'"a ""b""","c\nd"\n"1","2"\n"3","4"\n5,6\n',
    "holes.csv": b"t,y\n1,2\n2,\nx,y\n3,nan\n4,inf\n5,1e999\n6,7\n,\n8,9,10\n11\n",
    "same.csv": b"x,y\n1,5\n1,6\n1,7\n",
    "flat.csv": b"x,y\n1,5\n2,5\n3,5\n",
    "huge.csv": b"x,y\n1e300,1e300\n-1e300,2e300\n1e308,-1e308\n",
    "tiny.csv": b"x,y\n5e-324,1\n1e-323,2\n1.5e-323,3\n",
    "one.csv": b"x,y\n1,2\n",
    "names.csv": b"x,y\n",
    "column.csv": b"1\n2\n3\n",
    "letters.csv": b"a,b\nc,d\n",
    "wide.csv": b",".join(b"c%d" % i for i in range(3000)) + b"\n" + b"1," * 2999 + b"1\n" * 2,
    "line.csv": b"7" * 200000,
    "commas.csv": b"," * 5000,
    "open.csv": b'"1,2\n3,4\n' * 50,
    "zeros.bin": b"\0" * 5000,
    "random.bin": bytes(i * i * 31 % 251 for i in range(5000)),
    "not-text.csv": b"\xff\xfe1\0,\0002\0\n\0",
    "escape.csv": b"\x1b[31mx,\xe2\x80\xaey\n1,2\n2,3\n3,5\n",
    "empty.csv": b"",
    "newline.csv": b"\n",
    "good.csv.gz": gzip.compress(GOOD_TABLE, mtime=0),
    "cut.csv.gz": gzip.compress(GOOD_TABLE, mtime=0)[:-20],
    "wrong.csv.gz": b"\x1f\x8b\x08" + b"x" * 100,
    "bomb.csv.gz": gzip.compress(b"1,2\n" * 2000000, mtime=0),
}

# What in a run.json is exchanged for what.
CHANGES = [
    b"null", b"true", b"[]", b"{}", b'""', b"-1", b"0", b"1e400", b"1e-400", b"NaN", b"2.5",
    b"18446744073709551616", b'"x"', b'"\\u0000"', b'"\\ud800"', b'"\xff"', b'"' + b"A" * 5000 + b'"',
    b'"cpu"', b'"mlp"', b'"sample:tide"', b'"a*x"', b"[" * 2000, b'{"a":' * 500, b"", b"'1'", b"01"]

OTHER_RUNS = {
    "empty.json": b"",
    "list.json": b"[]",
    "null.json": b"null",
    "nothing.json": b"{}",
    "no-settings.json": b'{"settings": {}}',
    "wrong-settings.json": b'{"settings": [1, 2]}',
    "deep.json": b"[" * 100000,
    "unknown.json": b'{"settings": {"program": "autograd", "surprise": 3}}',
    "twice.json": b'{"settings": {"program": "autograd", "program": "mlp"}}',
    "table.json": GOOD_TABLE,
    "formula.json": b'{"settings": {"program": "formula", "model": "a*exp(-b*x)+c", "steps": 5}}',
    "other.json": b'{"settings": {"program": "nn", "target": "log(x)", "steps": 5}}',
}


class Inputs:
    """The files, and those that are drawn anew for each line."""

    def __init__(self, attack):
        self.random = attack.random
        self.folder = attack.work + "/inputs"
        os.makedirs(self.folder + "/folder.csv")
        for name, data in {**TABLES, **OTHER_RUNS}.items():
            self.write(name, data)
        os.symlink("loop.csv", self.folder + "/loop.csv")
        os.mkfifo(self.folder + "/pipe.csv")
        subprocess.run([attack.executable, "train", "autograd", "--steps", "20", "--quiet",
                        "--output", self.folder + "/run"], env=attack.environment, check=True)
        with open(self.folder + "/run/run.json", "rb") as file:
            self.run = file.read()

    def write(self, name, data):
        path = f"{self.folder}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def change(self, data):
        """Some bytes of it, or what a member is, become others."""
        data = bytearray(data)
        for _ in range(self.random.randrange(1, 5)):
            at = self.random.randrange(len(data) + 1)
            kind = self.random.random()
            if kind < 0.3 and at < len(data):
                data[at] = self.random.randrange(256)
            elif kind < 0.5:
                del data[at:at + self.random.randrange(1, 30)]
            elif kind < 0.6:
                data[at:at] = data[:self.random.randrange(1, 200)]
            else:
                begin = data.find(b": ", at) + 2
                end = data.find(b"\n", begin)
                if begin >= 2 and end >= 0:
                    data[begin:end] = self.random.choice(CHANGES)
        return bytes(data)

    def table(self):
        kind = self.random.random()
        if kind < 0.35:
            return self.folder + "/good.csv"
        if kind < 0.65:
            return f"{self.folder}/{self.random.choice(list(TABLES))}"
        if kind < 0.85:
            return self.write("changed.csv", self.change(self.random.choice(list(TABLES.values()))[:3000]))
        # Who opens a pipe waits for its writer, which takes this attack some seconds.
        if kind < 0.853:
            return self.folder + "/pipe.csv"
        return self.folder + self.random.choice(["/folder.csv", "/loop.csv", "/missing.csv", "",
                                                 "/good.csv/x"])

    def run_file(self):
        kind = self.random.random()
        if kind < 0.3:
            return self.folder + "/run/run.json"
        if kind < 0.4:
            return self.folder + "/run"
        if kind < 0.6:
            return f"{self.folder}/{self.random.choice(list(OTHER_RUNS))}"
        if kind < 0.95:
            return self.write("changed.json", self.change(self.run))
        return self.folder + self.random.choice(["/loop.csv", "/missing.json", "/random.bin",
                                                 "/run/run.json/x", "/run/coefficients.csv"])
