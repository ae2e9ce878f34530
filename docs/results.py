"""Prints the tables of docs/results.md from the directories of several runs that differ in their master seed.

Usage: python3 docs/results.py RUN1 RUN2 ... >tables.md
"""
import csv
import random
import sys
from pathlib import Path

REGIMES = ("calm", "volatile", "thin", "crumbling", "megashock", "all")
EXPERTS = ("lae", "sce", "ome", "rae")
ENSEMBLES = ("moe", "distilled", "sip", "uniform")
RESAMPLES = 2000
ETA = 0.5


def read(run: Path, name: str) -> list[dict[str, str]]:
    with open(run / name, newline="") as file:
        return list(csv.DictReader(file))


def span(values: list[float], digits: int = 2) -> str:
    """Mean and range; the mean alone where all are equal as printed."""
    mean, low, high = (f"{x:.{digits}f}" for x in (sum(values) / len(values), min(values), max(values)))
    return mean if low == high else f"{mean} ({low} to {high})"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


class Runs:
    """What several runs have in common: policies, and their rows of the result table."""

    def __init__(self, dirs: list[Path]):
        self.dirs = dirs
        self.summary = [{(r["policy"], r["regime"]): r for r in read(d, "summary.csv")} for d in dirs]
        names = [list(dict.fromkeys(p for p, _ in s)) for s in self.summary]
        self.policies = [p for p in names[0] if all(p in n for n in names)]

    def values(self, policy: str, what: str, regime: str = "all") -> list[float]:
        return [float(s[policy, regime][what]) for s in self.summary]

    def cost(self, policy: str, regime: str = "all") -> float:
        values = self.values(policy, "pair_cost", regime)
        return sum(values) / len(values)

    def best(self, names: list[str], regime: str) -> str | None:
        """The cheapest; None where there is nobody, as among the learned experts of a run with --rules."""
        return min(names, key=lambda name: self.cost(name, regime), default=None)

    def rivals(self) -> dict[str, list[str]]:
        """Learned experts, rules and baselines: whatever is not made of several experts."""
        single = [p for p in self.policies if p not in ENSEMBLES and not p.startswith("moe:")]
        learned = [p for p in single if p.startswith("q:")]
        rules = [p for p in single if p in EXPERTS]
        return {"learned": learned, "rule": rules, "baseline": [p for p in single if p not in learned + rules]}


def policies(runs: Runs) -> str:
    rows = []
    for p in sorted(runs.policies, key=runs.cost):
        row = [p, span(runs.values(p, "pair_cost"))]
        for what, digits, scale in (("shortfall", 2, 1), ("tracking_error", 2, 1), ("shortfall_cvar", 1, 1),
                                    ("passive", 0, 100), ("completion", 1, 100), ("objective", 2, 1)):
            values = runs.values(p, what)
            row.append(f"{scale * sum(values) / len(values):.{digits}f}")
        rows.append(row)
    return table(["policy", "cost", "IS", "TE %", "CVaR95", "passive %", "in time %", "J"], rows)


def regimes(runs: Runs) -> str:
    rows = []
    for g in REGIMES:
        row = [g] + [span(runs.values(p, "pair_cost", g)) for p in ("moe", "sip")]
        for names in runs.rivals().values():
            best = runs.best(names, g)
            row.append(f"{span(runs.values(best, 'pair_cost', g))}, {best}" if best else "")
        rows.append(row)
    return table(["regime", "moe", "sip", "best learned expert", "best rule", "best baseline"], rows)


def increments(runs: Runs) -> str:
    rows: dict[str, list[str]] = {}
    for i, run in enumerate(runs.dirs):
        for r in read(run, "increments.csv"):
            if r["regime"] != "all":
                continue
            learned = r["policy"] == "sip"
            step = "sip less best learned expert" if learned else f"{r['policy']} less {r['less']}"
            cell = f"{float(r['mean']):.2f} [{float(r['low']):.2f}, {float(r['high']):.2f}]"
            rows.setdefault(step, [""] * len(runs.dirs))[i] = cell + (f" {r['less']}" if learned else "")
    return table(["step", *(d.name for d in runs.dirs)], [[step, *cells] for step, cells in rows.items()])


def criteria(runs: Runs) -> str:
    reports = [read(d, "criteria.csv") for d in runs.dirs]
    rows = []
    for i, row in enumerate(reports[0]):
        met = sum(r[i]["met"] == "1" for r in reports)
        rows.append([row["criterion"].split(":")[0], f"{met} of {len(reports)}", row["criterion"]])
    return table(["criterion", "runs that meet it", f"what {runs.dirs[0].name} says"], rows)


def episodes(run: Path, policy: str) -> dict[str, list[float]]:
    """Pair cost by regime, in the order of the seeds."""
    rows: dict[str, list[float]] = {}
    for r in read(run, "episodes.csv"):
        if r["policy"] == policy:
            rows.setdefault(r["regime"], []).append(float(r["shortfall"]) + ETA * float(r["tracking_error"]))
    return rows


def headline(runs: Runs, of: str, over: str) -> str:
    """Mean difference with its interval over runs and seeds: both are drawn anew, seeds within their regimes."""
    less = []
    for run in runs.dirs:
        a, b = episodes(run, of), episodes(run, over)
        less.append({g: [x - y for x, y in zip(a[g], b[g])] for g in a})
    draw, means = random.Random(1), []
    for _ in range(RESAMPLES):
        picked = draw.choices(less, k=len(less))
        total, count = 0.0, 0
        for g in less[0]:
            n = len(less[0][g])
            seeds = draw.choices(range(n), k=n)
            total += sum(run[g][i] for run in picked for i in seeds)
            count += n * len(picked)
        means.append(total / count)
    means.sort()
    every = [x for run in less for g in run.values() for x in g]
    low, high = means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]
    return f"{sum(every) / len(every):.2f} [{low:.2f}, {high:.2f}]"


def headlines(runs: Runs) -> str:
    best = [runs.best(names, "all") for names in runs.rivals().values()]
    pairs = [("moe", "sip"), *(("moe", each) for each in best), ("sip", best[0]), ("sip", "uniform")]
    pairs = [pair for pair in pairs if pair[1]] + [(q, q.removeprefix("q:")) for q in runs.rivals()["learned"]]
    return table(["difference of cost", "bps [95 %]"], [[f"{a} less {b}", headline(runs, a, b)] for a, b in pairs])


def main() -> None:
    runs = Runs([Path(arg) for arg in sys.argv[1:]])
    for name, part in (("Policies", policies), ("Regimes", regimes), ("Over runs and seeds", headlines),
                       ("What each stage added", increments), ("Is it convincing?", criteria)):
        print(f"## {name}\n\n{part(runs)}")


if __name__ == "__main__":
    main()
