"""Pictures, where matplotlib is installed. Every function draws into `ax` or a new figure and returns the axes.

Nothing is shown or written: `plot.episode(env).figure.savefig("episode.png")`.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _abi as abi
from ._core import Error
from .env import PairEnv, Regime
from .evaluation import Evaluation, measures
from .learn import EXPERTS, TABLES, Ensemble, Mixture, QTable
from .policy import Policy

COLOURS = ("#1f6fb4", "#d1622b", "#3a8f5c", "#8a5bb0", "#777777")


class Trace:
    """An episode as it was played: times in s from its start, one entry per decision, and its fills."""

    def __init__(self, env: PairEnv, policy: Policy, seed: int, options: Any = None) -> None:
        """Plays the episode of `seed`; `env` is left at its end."""
        env.reset(seed, options)
        policy.reset(env)
        begin = env.status()
        rows = [self._row(env)]
        fills: list[Any] = []
        while not env.status()["done"]:
            env.step(*policy.act(env))
            rows.append(self._row(env))
            _append(fills, env.fills().tolist())
        self.time, self.mid, self.filled, self.hedge = (np.array(column) for column in zip(*rows))
        self.time = (self.time - begin["start"]) / 1e9
        self.fills = np.array(fills, env.fills().dtype)
        self.fill_times = (self.fills["time"] - begin["start"]) / 1e9
        self.parent, self.side, self.metrics = begin["parent"], begin["side"], env.metrics()
        self.symbols, self.policy = [env.scenario.symbols[i] for i in begin["symbol"]], policy.name

    @staticmethod
    def _row(env: PairEnv) -> tuple[int, Any, Any, float]:
        status = env.status()
        return status["now"], status["mid"], status["filled"], status["hedge_error"] / max(1, status["parent"][0])


def _append(fills: list[Any], kept: list[Any]) -> None:
    """Adds what is new in `kept`: the environment forgets its oldest fills."""
    common = min(len(fills), len(kept))
    while common > 0 and fills[-common:] != kept[:common]:
        common -= 1
    fills += kept[common:]


def episode(env: PairEnv | Trace, policy: Policy | str = "lae", seed: int = 1, options: Any = None) -> Any:
    """One episode: both legs' mids with their fills, what is filled, and the hedge error. An array of four axes."""
    trace = env if isinstance(env, Trace) else Trace(env, Policy(policy) if isinstance(policy, str) else policy, seed,
                                                     options)
    figure, axes = _pyplot().subplots(4, 1, sharex=True, figsize=(9, 9), height_ratios=(2, 2, 1.2, 1.2))
    for leg in range(len(trace.parent)):
        ax, colour = axes[leg], COLOURS[leg]
        ax.step(trace.time, trace.mid[:, leg], where="post", color=colour, lw=1)
        for passive, marker in ((1, "o"), (0, "x")):
            mine = (trace.fills["leg"] == leg) & (trace.fills["passive"] == passive)
            ax.scatter(trace.fill_times[mine], trace.fills["price"][mine], marker=marker, color="black", s=18,
                       label="passive fill" if passive else "aggressive fill")
        word = "buy" if trace.side[leg] == abi.PAB_BUY else "sell"
        ax.set_ylabel(f"{'AB'[leg]}: {word} {trace.symbols[leg]}\nticks")
        ax.legend(loc="best", fontsize=8)
        axes[2].step(trace.time, 100 * trace.filled[:, leg] / max(1, trace.parent[leg]), where="post", color=colour,
                     label="AB"[leg])
    axes[2].set_ylabel("filled, %")
    axes[2].legend(loc="best", fontsize=8)
    axes[3].step(trace.time, 100 * trace.hedge, where="post", color=COLOURS[4])
    axes[3].axhline(0, color="black", lw=0.5)
    axes[3].set_ylabel("hedge error,\n% of parent")
    axes[3].set_xlabel("s")
    m = trace.metrics
    figure.suptitle(f"{trace.policy}: IS {m['shortfall']:.2f} bps, TE {m['tracking_error']:.2f} %")
    return axes


def front(ensemble: Ensemble, ax: Any = None) -> Any:
    """The finalists of an ensemble's search by tracking error and shortfall, and those that no other beats in both."""
    ax, rows = _axes(ax), ensemble.finalists()
    ax.scatter(rows["tracking"], rows["shortfall"], color="#bbbbbb", s=12, label="finalists")
    best = np.sort(rows[rows["front"] == 1], order="tracking")
    ax.plot(best["tracking"], best["shortfall"], "o-", color=COLOURS[0], ms=4, label="front")
    for row in rows[rows["kind"] == abi.PAB_SIP_RULE]:
        ax.annotate(EXPERTS[row["expert"]], (row["tracking"], row["shortfall"]), fontsize=8)
    shipped = rows[ensemble.describe()["shipped"]]
    ax.scatter(shipped["tracking"], shipped["shortfall"], marker="*", color=COLOURS[1], s=120, label="played", zorder=3)
    ax.set_xlabel("mean TE, %")
    ax.set_ylabel("mean IS, bps")
    ax.legend(fontsize=8)
    return ax


def learning(source: QTable | Ensemble | NDArray[Any], x: str | None = None, y: str | Sequence[str] | None = None,
             ax: Any = None) -> Any:
    """A learning curve: a table's gain over its rule on validation seeds, with two standard errors; an ensemble's
    search; or the columns `y` over `x` of a curve or log."""
    ax = _axes(ax)
    if isinstance(source, QTable):
        curve = source.curve()
        for number, name in enumerate(TABLES):
            mine = curve[(curve["table"] == number) & np.isfinite(curve["gain"])]
            ax.errorbar(mine["round"], mine["gain"], 2 * mine["gain_error"], color=COLOURS[number], capsize=2,
                        label=name)
        ax.axhline(0, color="black", lw=0.5)
        ax.set_xlabel("round")
        ax.set_ylabel(f"gain over {source.expert}, bps")
    elif isinstance(source, Ensemble):
        rows = source.search()
        for eta in np.unique(rows["eta"]):
            mine = rows[rows["eta"] == eta]
            ax.plot(mine["generation"], mine["elite"], label=f"eta {eta:g}")
        ax.set_xlabel("generation")
        ax.set_ylabel("J of the elite, bps")
    else:
        names = list(source.dtype.names or ())
        columns = [y] if isinstance(y, str) else list(y or ())
        for name in [*columns, *([] if x is None else [x])]:
            if name not in names:
                raise Error(abi.PAB_E_KEY, f"there is no column {name}, expected one of {', '.join(names)}")
        for name in columns:
            ax.plot(np.arange(len(source)) if x is None else source[x], source[name], label=name)
        ax.set_xlabel(x or "row")
    ax.legend(fontsize=8)
    return ax


def gate(source: Mixture | Ensemble, ax: Any = None) -> Any:
    """Who decides in which coarse state: weights of the experts, darker where larger, and visits beside them."""
    ax, cells = _axes(ax, figsize=(5, 12)), source.cells()
    weights = cells["resolved"] if isinstance(source, Mixture) else cells["weight"]
    weights = np.where(cells["visits"][:, None] > 0, weights, np.nan)
    image = ax.imshow(weights, aspect="auto", cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    ax.set_xticks(range(len(EXPERTS)), EXPERTS)
    ax.set_yticks(range(0, len(cells), 4))
    ax.set_ylabel("coarse state")
    share = cells["visits"] / max(1.0, cells["visits"].sum())
    for cell in np.flatnonzero(share > 0.005).tolist():
        ax.text(len(EXPERTS) - 0.4, cell, f"{100 * share[cell]:.0f} %", va="center", fontsize=6)
    ax.figure.colorbar(image, ax=ax, label="weight", pad=0.12)
    return ax


def evaluation(table: Evaluation, base: str, measure: str = "pair_cost", regime: Regime | None = None,
               ax: Any = None) -> Any:
    """Every policy less `base`, with 95 % intervals of the paired bootstrap. Left of the line is cheaper."""
    ax = _axes(ax)
    rows: Mapping[str, Mapping[str, Any]] = {name: row for name, row in table.compare(base, measure, regime).items()
                                             if name != base}
    for place, row in enumerate(rows.values()):
        ax.errorbar(row["mean"], place, xerr=[[row["mean"] - row["low"]], [row["high"] - row["mean"]]], fmt="o",
                    capsize=3, color=COLOURS[0] if row["high"] < 0 else COLOURS[1] if row["low"] > 0 else COLOURS[4])
    ax.axvline(0, color="black", lw=0.8)
    ax.set_yticks(range(len(rows)), rows)
    ax.invert_yaxis()
    unit = next(each["unit"] for each in measures() if each["name"] == measure)
    ax.set_xlabel(f"{measure} less {base}'s" + (f", {unit}" if unit else ""))
    return ax


def _axes(ax: Any, **options: Any) -> Any:
    return _pyplot().subplots(**options)[1] if ax is None else ax


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from error
    return matplotlib.pyplot
