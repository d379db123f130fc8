"""The figures of README.md and autograd/replay/README.md, from one run of the benchmarks.

    python benchmarks/readme.py [--replay FILE] [--eager FILE]

Runs `benchmarks/replay.py` and `benchmarks/eager.py` where their JSON is not given (some quarter of an hour on a quiet
machine) and writes what they found between the marks `<!-- measured: NAME -->` and `<!-- end -->`. A ratio in
which replay loses is set in bold.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = HERE.parent / "README.md", HERE.parent / "autograd" / "replay" / "README.md"
REPLAY, JAX = "replay (numba)", "JAX scan"
NUMPY, C = "NumPy by hand, buffers", "C, blocked by hand"
COLUMNS = "C", "Numba by hand", "JAX, the loop compiled", "NumPy by hand", "torch", "plain Python"
PEERS = {  # race: what README calls it, the rows in the order of COLUMNS
    "moons": ("moons 2-16-16-1, batch of 100, a step",
              (C, "Numba by hand", "JAX scan, the loop", NUMPY, "torch", "micrograd")),
    "xor": ("XOR 2-2-1, 10,000 epochs", ("C", "Numba by hand", JAX, "NumPy by hand", "torch", "")),
    "digits": ("digits 64-32-10, 1,797 samples, a step", ("", "Numba by hand", JAX, NUMPY, "torch", "")),
    "microgpt": ("a GPT of 4,240 parameters, Adam, a name of 6 letters",
                 (C, "Numba by hand", JAX, "NumPy by hand", "torch, fused Adam, SDPA", "scalar script in plain Python")),
    "microgpt mixed": ("the same on names of 7 lengths in turn, per name",
                       (C, "", f"{JAX}, epochs=50", "", "torch, fused Adam, SDPA", "")),
}  # fmt: skip
FIXED = {"moons": "moons", "digits": "digits", "microgpt": "GPT, one name", "microgpt mixed": "GPT, 12 names"}
EPOCHS = 1, 5, 50
TABLES = {"what people do": "What people do", "against peers, one thread, same arithmetic": "Against peers"}


def number(x):
    """Two or three digits, whole numbers from 100 on."""
    if x >= 100:
        return f"{float(f'{x:.3g}'):,.0f}"
    return f"{x:.2g}" if x < 1 else f"{x:.3g}" if x >= 10 else f"{x:.2g}"


def table(header, *rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(re.sub(r"\| +(?=\|)", "| ", "| " + " | ".join(line) + " |") for line in lines)


def eager(found):
    names = "chain", "tree", "moons by + and *", "moons step, MLP"
    ratios = [number(found["times"][f"{name}, default"]["ratio"]) for name in names]
    sizes = found["bytes per operation"]["chain"]
    return (
        table(
            ["", "chain", "tree", "moons by `+` and `*`", "moons step with `nn.MLP`"],
            ["times as fast", *ratios],
        )
        + f"\n\nA node of a binary op takes {sizes['autograd']:.0f} bytes there, micrograd's {sizes['micrograd']:.0f}."
    )


def beside(race, row, ours=REPLAY):
    """How many times replay's time a row takes; bold below 1."""
    rows = race["rows"]
    if row not in rows or ours not in rows:
        return ""
    x = rows[row][0] / rows[ours][0]
    return f"**{number(x)}**" if x < 1 else number(x)


def peers(found):
    rows = []
    for name, (title, peers) in PEERS.items():
        if name in found["races"]:
            race = found["races"][name]
            ours = f"{number(race['rows'][REPLAY][0])} {race['unit'].split()[0]}"
            rows.append([title, ours, *(beside(race, row) for row in peers)])
    return table(["", "replay", *COLUMNS], *rows)


def fixed(found):
    rows = []
    for name, title in FIXED.items():
        race = found["races"].get(name)
        if race:
            several = [f"replay, train(epochs={epochs})" for epochs in EPOCHS]
            times = [race["rows"].get(row, [None])[0] for row in [*several, REPLAY]]
            rows.append(
                [
                    f"{title}, us {race['unit'].split(maxsplit=1)[1]}",
                    *("" if x is None else number(x) for x in times),
                ]
            )
    return table(["epochs in a call of `train`", *map(str, EPOCHS), "many"], *rows)


def graphs(found):
    rows = []
    for name, race in found["races"].items():
        if name.startswith("graph "):
            figures = race["extra"]
            keys = "replay, its loop", "replay, a call", "C, a switch", "casadi, its loop", "eager"
            cells = [number(figures[key]) if key in figures else "" for key in keys]
            seconds = [number(figures[key]) for key in ("first call s", "to replay s")]
            rows.append([f"{int(name.split()[1]):,}", *cells, *seconds])
    header = [
        "nodes",
        "loop, ns a node",
        "a call",
        "C, a switch",
        "CasADi's loop",
        "eager",
        "first call, s",
        "until replayed, s",
    ]
    return table(header, *rows)


def goals(found):
    parts = []
    for name, title in TABLES.items():
        rows = []
        for goal in found["goals"]:
            if goal["table"] == name and goal["reached"] is not None:
                wanted = f"{'at least' if goal['at_least'] else 'at most'} {goal['bound']:g} {goal['unit']}"
                met = goal["verdict"] == "met"
                reached = f"{number(goal['reached'])} {goal['unit']}"
                rows.append(
                    [
                        goal["what"],
                        wanted,
                        reached if met else f"**{reached}**",
                        goal["verdict"].lower(),
                        goal["limit"],
                    ]
                )
        parts.append(table([title, "goal", "reached", "", "where it is missed: the time now"], *rows))
    return "\n\n".join(parts)


def forms(found):
    race = found["races"]["forms"]
    per_thousand = 1000 / race["rows"][race["ours"]][0]
    rows = []
    for form in dict.fromkeys(row.rsplit(": ", 1)[0] for row in race["rows"]):
        cells = [
            number(race["rows"][f"{form}: {way}"][0] * per_thousand)
            for way in ("eager", "call", "batch", "train")
        ]
        programs = race["extra"][f"{form}: programs"]
        shown = form if "`" in form or "neuron" in form else f"`{form}`"
        rows.append([shown, *cells, f"{programs:.0f}" if programs else "more than 8: runs as it is"])
    return table(["the function", "eager", "call", "`batch`", "`train`", "programs"], *rows)


def plans(found):
    rows = [[name, f"{number(x[0])} ns a node"] for name, x in found["races"]["plans"]["rows"].items()]
    return table(["a plan of 10,000 nodes that is captured as", "a call"], *rows)


def first_use(found):
    race = found["races"].get("first use")
    rows = [] if race is None else [[name, f"{number(x[0])} CPU s"] for name, x in race["rows"].items()]
    start = found["races"]["start"]["rows"]
    rows += [[f"kernels there: {name}", f"{number(x[0])} CPU s"] for name, x in start.items()]
    return table(["a fresh process", ""], *rows)


BLOCKS = {
    "peers": peers,
    "fixed": fixed,
    "graphs": graphs,
    "goals": goals,
    "forms": forms,
    "plans": plans,
    "first use": first_use,
}


def fill(text, blocks):
    """The text with each of its blocks written anew; every block is in one of the files."""

    def written(match):
        name = match.group(1)
        return f"<!-- measured: {name} -->\n{blocks[name]}\n<!-- end -->"

    return re.sub(r"<!-- measured: ([\w ]+) -->\n.*?<!-- end -->", written, text, flags=re.DOTALL)


def measured(program, folder):
    file = Path(folder, f"{program}.json")
    subprocess.run([sys.executable, str(HERE / f"{program}.py"), "--json", str(file)], check=True)
    return file


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replay", type=Path, metavar="FILE", help="the JSON of a full run of replay.py")
    parser.add_argument("--eager", type=Path, metavar="FILE", help="the JSON of a run of eager.py")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        replay = json.loads((options.replay or measured("replay", folder)).read_text(encoding="utf-8"))
        engine = json.loads((options.eager or measured("eager", folder)).read_text(encoding="utf-8"))
    blocks = {name: write(replay) for name, write in BLOCKS.items()} | {"eager": eager(engine)}
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        file.write_text(fill(text, blocks), encoding="utf-8")
        print(f"{file.relative_to(HERE.parent)}: {text.count('<!-- measured: ')} blocks written")


if __name__ == "__main__":
    main()
