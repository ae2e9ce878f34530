"""Pictures: what is drawn is what was measured."""
import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import pairsabides as pab  # noqa: E402
from pairsabides import plot  # noqa: E402


@pytest.fixture(autouse=True)
def closed():
    yield
    matplotlib.pyplot.close("all")


@pytest.fixture(scope="module")
def ensemble(scenario):
    return pab.Ensemble.train(scenario, candidates=8, seeds=5, front=0, budget=0.005, threads=2)


def test_an_episode_shows_both_legs_their_fills_and_the_hedge_error(scenario, tmp_path):
    trace = plot.Trace(pab.PairEnv(scenario), pab.Policy("lae"), pab.episode_seed("train", "calm", 3))
    assert trace.filled[-1].tolist() == trace.parent.tolist() and len(trace.fills) == trace.metrics["fills"]
    axes = plot.episode(trace)
    drawn = [len(points.get_offsets()) for ax in axes[:2] for points in ax.collections]
    assert sum(drawn) == len(trace.fills)
    np.testing.assert_allclose(axes[3].lines[0].get_ydata(), 100 * trace.hedge)
    axes[0].figure.savefig(tmp_path / "episode.png")
    assert (tmp_path / "episode.png").stat().st_size > 10_000
    assert len(plot.episode(pab.PairEnv(scenario), "twap", 3)) == 4


def test_fronts_curves_and_gates_are_drawn(scenario, ensemble):
    rows = ensemble.finalists()
    assert len(plot.front(ensemble).collections[0].get_offsets()) == len(rows)
    table = pab.QTable.train(scenario, "lae", rounds=2, episodes=8, validation=4, interval=1, threads=2)
    assert len(plot.learning(table).containers) == 3
    assert len(plot.learning(ensemble).lines) == 1
    curve = table.curve()
    np.testing.assert_array_equal(plot.learning(curve, "round", "missed").lines[0].get_ydata(), curve["missed"])
    with pytest.raises(pab.Error, match="no column mist"):
        plot.learning(curve, "round", "mist")
    mixture = pab.Mixture.distil(scenario, ensemble, budget=0.005, threads=2)
    for source, name in ((mixture, "resolved"), (ensemble, "weight")):
        cells = source.cells()
        seen = cells["visits"] > 0
        np.testing.assert_allclose(plot.gate(source).images[0].get_array()[seen], cells[name][seen])


def test_an_evaluation_is_drawn_with_its_intervals(scenario):
    table = pab.evaluate(["twap", "lae", "sce"], scenario, episodes=4, regimes=["calm"], resamples=100)
    ax = plot.evaluation(table, "twap")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["lae", "sce"]
    assert [box.lines[0].get_xdata()[0] for box in ax.containers] == [table.compare("twap")[name]["mean"]
                                                                     for name in ("lae", "sce")]
    assert ax.get_xlabel() == "pair_cost less twap's, bps"
