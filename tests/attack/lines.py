# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws command lines, with values that make sense and values that do not."""

BAD_NUMBERS = [
    "", " ", "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", "-1e400", "1e-400", "-0",
    "-0.0", "0", "0x10", "0x1p3", "1e", "e5", ".", "-", "+", "--5", "1,5", "1.5.5", "5e-324",
    "1.7976931348623157e308", "1.8e308", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "18446744073709551616", "99999999999999999999999999", "1e10", "1e18", "1e13",
    "1000000000001", "-1", "1.5", "٣", "１２", "½", "1 000", "1_000", "0b1", "010", "1e5x", "x",
    "\t5", "5\n", "5 ", "%s", "%n%n", "$(id)", "`id`", "{}", "\u202e5", "💥", "A" * 3000,
    "9" * 400, "1" + "0" * 400, "0." + "0" * 400 + "1", "-" * 300, "1e+2", "null", "true"]

NOT_TEXT = [b"\xff", b"\xfe\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x92", b"\xed\xa0\x80",
            b"\x80" * 50, b"\x01\x02\x1b[31m", b"a\xffb", b"\xc0\xaf"]

FORMULAS = [
    "sin(x)", "exp(-x^2)", "x", "3", "x³ - x", "tanh(3*x)", "relu(x)", "maximum(x,0)",
    "sigmoid(x)·2", "2^x", "abs(x)", "sign(x)", "cos(x)**2", "addcmul(x,x,2)",
    "heaviside(x,0.5)", "square(x)/2", "log(x+10)", "sqrt(x+7)", "1e-300*x", "1e30*x", "1e300*x",
    "((((((((x))))))))", "sin(x)^2+cos(x)^2"]

BAD_FORMULAS = [
    "", " ", "log(x)", "log(-x)", "sqrt(x)", "1/x", "x/0", "0/0", "exp(x^9)", "1e308*10", "x^x",
    "(-8)^(1/3)", "sin", "sin(", ")", "((((", "(" * 200, "x" * 300, "x+" * 127 + "x",
    "-" * 250 + "x", "foo(x)", "x y", "1e999", "0x10", "x;rm", "y", "maximum(x)", "addcmul(x,2)",
    "x²²", "2^^3", "sum(x)", "neg(x)", "x'", '"', "\\", "%s%n", "π", "−x", "x·x", "pow(x,2,3)",
    "1..2", ".", "5e", "x\t+1", "x\n", "e", "pi()", "X", "SIN(x)"]

MODELS = [
    "a*exp(-b*x)+c", "a*x+b", "a", "a*sin(b*x+c)+d", "L/(1+exp(-k*(x-m)))", "a*x^b", "a/x", "a^b^c",
    "α·x² + β", "log(a*x)", "sqrt(a-x)", "a*b*c*d*e*f*g*h*x", "a/(b-b)", "maximum(a*x,b)",
    "a*exp(exp(b*x))", "1e300*a*x", "exp(-a*x)*" * 3 + "b"]

BAD_MODELS = ["a b", "a*foo(x)", "x", "3", "sin(x)", "a*", "(a", "a*X*x*pi(", "a=1", "a,b",
              "+".join(f"a{i}*x" for i in range(300)), "a" * 300 + "*x", "a*sum(x)", "ä͏x·a",
              "a*\x1b[31m", "pi", "seed*x"]

SAMPLES = ["tide", "decay", "growth", "oscillation", "kinetics", "outliers", "step", "", "x", "Decay",
           "decay/", "../decay"]

# Options without a value, of which each has a row.
FLAGS = {
    "nesterov": ["--nesterov", "--no-nesterov"],
    "amsgrad": ["--amsgrad", "--no-amsgrad"],
    "centered": ["--centered", "--no-centered"],
    "decoupled-weight-decay": ["--decoupled-weight-decay", "--no-decoupled-weight-decay"],
    "quiet": ["--quiet", "-q"],
    "optimum": ["--optimum"],
    "explain": ["--explain"],
    "times": ["--times"],
    "closed": ["--closed"],
    "dark": ["--dark"],
    "maximize": ["--maximize", "--no-quiet", "--quiet=1", "--nesterov=yes", "--explain="],
}

# The options that not every command has.
OWN = {
    "train": {"output", "o", "loss-log", "coefficients", "parameters", "script", "pace", "log-every",
              "optimum", "explain", "times", "plot", "quiet"},
    "sweep": {"count", "optimizers", "seeds", "show", "above", "plot", "quiet"},
    "graph": {"step", "probe", "show", "open", "closed", "dark"},
    "surface": {"over", "kind", "step", "dark"},
}

# What follows -o.
FILES = {
    "sweep": ["w.csv", "/dev/null", "w", "out/w.csv", "/dev/full", ""],
    "graph": ["g.svg", "g.png", "g.pdf", "g.dot", "g.json", "g.SVG", "/dev/null", "g", "out/g.svg",
              "/dev/full", "l.csv", ""],
    "surface": ["g.svg", "g.png", "g.pdf", "w.csv", "g.json", "/dev/null", "g", "out/w.csv",
                "/dev/full", ""],
}

# Where files may go; “kept” is there before and must stay as it is.
PATHS = {
    "output": ["out", "out/deep/x", ".", "kept", "kept/x", "", "/proc/nope", "/dev/null",
               "new\nline/x", b"\xff/x"],
    "o": ["out"],
    "loss-log": ["l.csv", "out/l.csv", "missing/l.csv", "/dev/full", "/dev/null", "", ".",
                 "l.csv/x", "l.png", "\x1b[31m/x"],
    "coefficients": ["c.csv", "l.csv", "/dev/null", "n" * 250, "n" * 255, "n" * 256],
    "parameters": ["s.csv", "out/s.csv", "l.csv", "/dev/full", "s.svg"],
    "script": ["t.py", "t.ipynb", "t.txt", "t", ".py", "out/t.py", "missing/t.py", "/dev/full",
               "/dev/null", "l.csv", "", ".", "t.PY", "t.py/x"],
    "plot": ["p.png", "p.svg", "p.pdf", "p", "p.gif", "/dev/null", "p.PNG", ".png"],
}
EXPECTED = {
    "kept", "out", "new\nline", "\udcff", "l.csv", "c.csv", "l.csv.run.json", "c.csv.run.json",
    "s.csv", "s.csv.run.json", "p.png", "p.svg", "p.pdf", "p.PNG", ".png", "coefficients.csv",
    "loss.csv", "parameters.csv", "fit.png", "run.json", "n" * 250, "n" * 255,
    "n" * 246 + ".run.json", "t.py", "t.ipynb", ".py", "t.PY", "w.csv", "w", "g.svg", "g.png",
    "g.pdf", "g.dot", "g.json", "g.SVG"}


# What says something of a file, and what of a formula: a run has one of them.
OF_FILES = {"data", "x", "y", "delimiter", "decimal", "scale"}
OF_FORMULAS = {"target", "from", "to", "points"}


class Lines:
    """Draws command lines. Some are nonsense; in others all goes together, so that they get
    further."""

    def __init__(self, generator, programs, optimizers, inputs):
        """@optimizers has the options of each."""
        self.random = generator
        self.programs = programs
        self.own_options = optimizers
        self.inputs = inputs
        self.nonsense = 0
        self.unfit = set()
        self.command = "train"
        optimizers = list(optimizers)
        one_of = generator.choice
        real = self.real
        self.options = {
            "from-run": inputs.run_file,
            "model": lambda: one_of(MODELS if generator.random() >= self.nonsense
                                    else BAD_MODELS + BAD_FORMULAS + NOT_TEXT),
            "loss": lambda: self.word(["MSELoss", "L1Loss", "HuberLoss", "HuberLoss"]),
            "reduction": lambda: self.word(["mean", "sum"]),
            "delta": lambda: self.number(real()),
            "optimizer": lambda: self.word(optimizers),
            "lr": lambda: self.number(real()),
            "steps": lambda: self.number(one_of(["1", "2", "3", "10", "99", "100", "250", "500"])),
            "data": lambda: ("sample:" + one_of(SAMPLES) if generator.random() < 0.3
                             else inputs.table()),
            "x": self.column,
            "y": self.column,
            "delimiter": lambda: self.word(["auto", "comma", "semicolon", "tab", "space"]),
            "decimal": lambda: self.word(["auto", "point", "comma"]),
            "scale": lambda: self.word(["none", "standard", "standard"]),
            "target": lambda: one_of(FORMULAS if generator.random() >= self.nonsense
                                     else BAD_FORMULAS + NOT_TEXT + BAD_NUMBERS),
            "from": lambda: self.number(one_of(["-pi", "-1", "0", "-1e3", "1e-9", "-pi/2", "3-4",
                                                "1", "-1e30", "-1e300"])),
            "to": lambda: self.number(one_of(["pi", "1", "2", "1e3", "1e-8", "pi/2", "1e30",
                                              "1.0000000000000002", "1e300"])),
            "points": lambda: self.number(one_of(["2", "3", "5", "31", "32", "33", "100", "2000",
                                                  "2001", "33000"])),
            "seed": lambda: self.number(str(one_of([0, 1, 42, 2 ** 64 - 1,
                                                    generator.randrange(2 ** 64)]))),
            "hold": self.hold,
            "units": self.units,
            "tries": lambda: self.number(one_of(["1", "2", "10", "1000"])),
            "pytorch": lambda: self.word(["1", "2"]),
            "rounding": lambda: self.word(["exact", "exact", "fast"]),
            "dtype": lambda: self.word(["float32", "float64", "int64", "bool"]),
            "init": self.init,
            "device": lambda: self.word(["cpu", "cpu", "cpu", "cuda"]),
            "threads": lambda: self.number(one_of(["0", "0", "1", "1", "2", "3", "7", "300"])),
            "pace": lambda: self.number(one_of(["0", "1e5", "1e9", "1e300", "50000"])),
            "log-every": lambda: self.number(one_of(["1", "2", "7", "100", "1000000000000"])),
            "momentum": lambda: self.number(one_of(["0", "0.9", "1", "0.5"])),
            "count": lambda: self.number(one_of(["2", "3", "5", "8"])),
            "optimizers": lambda: ("all" if generator.random() < 0.3 else b",".join(
                encode(self.word(optimizers) if generator.random() < 0.3 else one_of(optimizers))
                for _ in range(generator.randrange(1, 4)))),
            "seeds": lambda: self.range(),
            "show": lambda: self.word(["loss", "steps", "a", "b", "W1", "0.weight"]
                                      if self.command == "sweep"
                                      else ["predict", "loss,gradient", "all", "optimizer", "update,"]),
            "step": lambda: self.number(one_of(["0", "1", "2", "49", "50", "300"])),
            "open": lambda: self.word(["predict", "loss,gradient", "all", ""]),
            "over": lambda: self.word(["a,b", "b,d", "a,c", "a", "a,a", "a,b,c", ",", "0.weight[0],0.weight[1]",
                                       "0,1", "W1,b"]),
            "kind": lambda: self.word(["slice", "profile", "path"]),
            "probe": lambda: self.number(one_of(["0", "1", "2", "1999", "2000", "33000"])),
            "above": lambda: self.number(real()),
        }
        for name in ("dampening", "weight-decay", "eps", "lr-decay", "initial-accumulator-value",
                     "momentum-decay"):
            self.options[name] = lambda: self.number(real())
        for name in ("alpha", "rho", "beta1", "beta2"):
            self.options[name] = lambda: self.number(one_of(["0", "0.5", "0.9", "0.999", real()]))

    def real(self):
        return self.random.choice(["1e-6", "0.5", "1e-3", "1e3", "1e20", "1e-30", "0.9", "1",
                                   "0.999", "1e-8", "2", repr(10 ** self.random.uniform(-40, 38))])

    def range(self):
        begin, end = sorted((self.real(), self.real()), key=float)
        if self.random.random() < 0.3:
            begin, end = self.random.choice([("1", "9"), ("0", "3"), ("-2", "2"), ("2", "1"), ("0", "0"),
                                             ("-pi", "pi"), ("1", "1.0000000000000002"),
                                             ("-1e308", "1e308"), ("5e-324", "1e308")])
        kind = self.random.random()
        if kind >= 0.5 * self.nonsense:
            return f"{begin}..{end}" + self.random.choice(["", "", ":log", ":linear"])
        if kind < 0.25 * self.nonsense:
            return f"{self.number(begin)}..{self.number(end)}"
        return self.random.choice(["..", "1..", "..2", "1...2", "1..2..3", "1..2:", "1..2:x",
                                   "1..2:log:log", ":log", "1-2", "a..b", "nan..nan", "1..inf"])

    def column(self):
        return self.random.choice(["1", "2", "3", "x", "y", "t", "z", "0", "-1", "3000", "4294967297", "",
                                   "a \"b\"", "c\nd", "\x1b[31mx", b"\xff", "N" * 3000])

    def hold(self):
        names = [self.random.choice("abc" if self.random.random() >= self.nonsense
                                    else ["d", "e", "k", "0.weight", "bias", ""])
                 for _ in range(self.random.randrange(1, 4))]
        return ",".join(f"{name}={self.number(self.real())}" if self.random.random() < 0.3 else name
                        for name in names)

    def units(self):
        return ",".join(f"{self.random.choice('abc')}={self.word(['1/s', 'm', '°C', 'kg·m²'])}"
                        for _ in range(self.random.randrange(1, 3)))

    def number(self, good):
        kind = self.random.random()
        if kind >= self.nonsense:
            return good
        if kind < 0.8 * self.nonsense:
            return self.random.choice(BAD_NUMBERS)
        if kind < 0.9 * self.nonsense:
            return self.random.choice(NOT_TEXT)
        return "".join(chr(self.random.randrange(*self.random.choice([(1, 128), (128, 0x2000)])))
                       for _ in range(self.random.randrange(1, 30)))

    def word(self, good):
        kind = self.random.random()
        word = self.random.choice(good)
        if kind >= 0.6 * self.nonsense:
            return word
        if kind < 0.3 * self.nonsense:
            at = self.random.randrange(len(word) + 1)
            return (word[:at] + self.random.choice(["", "x", "=", " ", "é", "X"])
                    + word[at + self.random.randrange(2):])
        return self.random.choice(BAD_NUMBERS + NOT_TEXT)

    def init(self):
        kind = self.random.random()
        if kind < 0.4:
            return self.random.choice(["seed", "published"])
        if kind < 0.4 + 0.3 * self.nonsense:
            return self.random.choice(["seedd", "a", "a=", "=1", "a=1,,b=2", "a=1,a=2", "z=3",
                                       ",", "a=1,", "a==1", "A=1", "a=nan", "a=1e400",
                                       "weight=1", "a=b", "published,seed"])
        return ",".join(f'{self.random.choice("abc")}={self.number(self.real())}'
                        for _ in range(self.random.randrange(1, 6)))

    def known(self):
        """The names of all options that are drawn."""
        return {*self.options, *FLAGS, *PATHS, "help"}

    def name(self, names):
        """One of the names, seldom one that only another command has."""
        others = set().union(*OWN.values()) - OWN[self.command] | self.unfit
        return self.random.choice([name for name in names
                                   if name not in others or self.random.random() < 0.1 * self.nonsense])

    def option(self):
        """A few words: an option, mostly with a value."""
        kind = self.random.random()
        if kind < 0.80:
            name = self.name(self.options)
            value = self.options[name]()
        elif kind < 0.87:
            return [self.random.choice(FLAGS[self.name(FLAGS)])]
        elif kind < 0.97 and self.command not in ("graph", "surface"):
            name = self.name(PATHS)
            value = self.random.choice(PATHS[name])
        elif kind < 1 - 0.03 * self.nonsense:
            return self.option()
        elif kind < 1 - 0.015 * self.nonsense:
            return [self.random.choice(BAD_NUMBERS + NOT_TEXT)]
        else:
            name = "".join(self.random.choice("abcxyz-_=é")
                           for _ in range(self.random.randrange(0, 12)))
            value = self.random.choice(BAD_NUMBERS)
        return self.write(name, value)

    def write(self, name, value):
        flag = "-o" if name == "o" else "--" + name
        if self.random.random() < 0.5:
            return [flag, value]
        return [encode(flag + ("" if name == "o" else "=")) + encode(value)]

    def program(self):
        kind = self.random.random()
        if kind < 0.2:
            return ["formula", "--model", self.options["model"]()]
        return [self.word(self.programs)] if kind < 0.9 else []

    def some_ranges(self):
        words = []
        for _ in range(self.random.choice([0, 1, 1, 1, 1, 2, 2, 3])):
            names = ["lr", "lr", "lr", "steps", "seed", "init", "init", "points", "weight-decay"]
            if self.random.random() < self.nonsense:
                names += ["momentum", "delta", "beta1", "from", "target", "dtype", "threads"]
            name = self.random.choice([name for name in names if name not in self.unfit])
            value = self.range()
            words += self.write(name, f'{self.random.choice("abcd")}={value}' if name == "init" else value)
        # Two hundred runs, or 4,096, would each take as long as a run.
        return words + ["--count", self.options["count"]()]

    def fit_together(self, words):
        """Draws what the run fits and by which optimizer, and leaves out what has no part in
        it. Returns words for it."""
        optimizer = self.random.choice(list(self.own_options))
        self.unfit = {"optimizer", "from-run", "maximize", "optimizers", "loss", "delta"}
        self.unfit.update(*self.own_options.values())
        self.unfit -= set(self.own_options[optimizer])
        if len(words) < 2:
            return self.write("from-run", self.inputs.run_file())
        if "numpy" in words:
            self.unfit |= {"seed", "seeds"}
        if "mlp" in words:
            self.unfit |= {"init", "hold", "units"}
        if "formula" not in words:
            self.unfit |= {"model"}
        by_hand = "numpy" in words or "tensors" in words
        words = self.write("optimizer", optimizer)
        if self.random.random() < 0.3 and not by_hand:
            words += ["--loss", "HuberLoss"] + self.write("delta", self.options["delta"]())
        if self.random.random() < 0.4:
            self.unfit |= OF_FORMULAS | {"data"}
            return words + self.write("data", self.options["data"]())
        self.unfit |= OF_FILES
        return words

    def line(self):
        """The arguments, as bytes."""
        self.command = self.random.choice(["train"] * 5 + ["sweep"] * 2 + ["graph", "surface"])
        words = [self.command]
        self.nonsense = self.random.choice([0, 0, 0.05, 0.4])
        self.unfit = set()
        if self.random.random() < 0.1 * self.nonsense:
            words = [self.random.choice(["list", "", "trian", "--help", "--version", "-x", "--",
                                         "autograd", "--help=1", "-hV"])]
        words += self.program()
        if self.nonsense < 0.1:
            words += self.fit_together(words)
        if self.command == "sweep":
            words += self.some_ranges()
        for _ in range(40 if self.random.random() < 0.02 else self.random.randrange(0, 6)):
            words += self.option()
        if self.command in FILES and self.random.random() < (0.3 if self.command == "sweep" else 0.9):
            words += ["-o", self.random.choice(FILES[self.command])]
        words = [encode(word).replace(b"\0", b"") for word in words]
        if words[0] in (b"train", b"sweep", b"surface") and not any(word.startswith(b"--steps") for word in words):
            words += [b"--steps", b"50"]
        return words


def encode(word):
    return word if isinstance(word, bytes) else word.encode("utf-8", "surrogatepass")
