"""Tapes, facts, hedge ratios and fits."""
import numpy as np
import pytest

import pairsabides as pab
from pairsabides import stage0

SECOND = 10**9


@pytest.fixture(scope="module")
def tapes():
    market = pab.Market("pair")
    market.reset(1)
    open_ = market.scenario.describe()["market_open"]
    market.run(open_)
    return stage0.record(market, open_ + 10 * 60 * SECOND, tick=0.01)


def test_a_market_is_recorded_and_measured(tapes):
    a, b = tapes
    assert a.describe()["quotes"] > 100 and a.describe()["tick"] == 0.01
    mids = a.mids()
    assert len(mids) == 601 and np.nanmin(mids) > 0
    one, pair = stage0.facts(a), stage0.facts(a, b)
    assert one["spread"] >= 1 and one["mid"] == pytest.approx(np.nanmean(mids), rel=0.01)
    assert set(one) | set(pair) == {row["name"] for row in stage0.fact_list()} and -1 <= pair["corr_60s"] <= 1


def test_a_market_is_judged(tapes: tuple[stage0.Tape, stage0.Tape]) -> None:
    a, b = tapes
    found = stage0.realism([a], [b])
    assert found["a.touch"] > 0 and abs(found["corr_10s"]) <= 1
    assert np.isnan(found["b.auc_lost"])
    with pytest.raises(pab.Error, match="expected as many of each leg"):
        stage0.realism([a], [])


def test_tapes_are_read_and_put_together_by_hand(tmp_path):
    file = tmp_path / "quotes.csv"
    rows = [f"{i * SECOND},{10 + 0.01 * (i % 3):.2f},5,{10.02 + 0.01 * (i % 3):.2f},7\n" for i in range(30)]
    file.write_text("time_ns,bid,bid_qty,ask,ask_qty\n" + "".join(rows))
    tape, mine = pab.Tape(file, format="quotes"), pab.Tape()
    for i in range(30):
        mine.add_quote(i * SECOND, 10 + 0.01 * (i % 3), 5, 10.02 + 0.01 * (i % 3), 7)
    mine.add_trade(29 * SECOND, 10.02, 3, "buy")
    assert tape.describe()["quotes"] == mine.describe()["quotes"] == 30 and mine.describe()["trades"] == 1
    mine.set_window(0, 29 * SECOND)
    tape.set_window(0, 29 * SECOND)
    np.testing.assert_allclose(tape.mids(), mine.mids())
    mine.clear()
    assert mine.describe()["quotes"] == 0
    with pytest.raises(pab.Error, match="no format"):
        pab.Tape(file, format="csv")
    with pytest.raises(pab.Error) as caught:
        pab.Tape(tmp_path / "missing.csv")
    assert caught.value.name == "PAB_E_IO"


def test_hedge_ratios_are_those_of_a_line():
    b = 50 + np.cumsum(np.random.default_rng(1).normal(0, 0.1, 500))
    found = stage0.hedge(3 + 2 * b, b)
    assert found["slope"] == pytest.approx(2) and found["ols_increments"] == pytest.approx(2)
    assert found["path"].shape == (500,) and found["path"][-1] == pytest.approx(found["kalman"])
    with pytest.raises(pab.Error, match="two equal lengths"):
        stage0.hedge(b, b[1:])


def test_a_fit_tells_how_far_it_is_and_stops(tapes):
    told = []

    def stop(*now):
        told.append(now)
        return len(told) == 3

    with pytest.raises(pab.Error) as caught:
        stage0.fit(*tapes, budget="small", threads=2, progress=stop)
    assert caught.value.name == "PAB_E_CANCELLED" and told[-1][0] == "fit" and told[-1][1] <= 1000 == told[-1][2]


def test_a_policy_is_tuned_and_impact_is_measured(scenario):
    found = pab.tune("lae", scenario, regimes=["calm"], generations=2, candidates=8, episodes=2, validation=4,
                     threads=2)
    assert pab.Policy(found["spec"]).name == found["spec"] and (found["after"] < found["before"]) == found["better"]
    with pytest.raises(pab.Error, match="no option generation"):
        pab.tune("lae", scenario, generation=2)
    with pytest.raises(pab.Error) as caught:
        pab.impact(scenario, seeds=2)
    assert caught.value.name == "PAB_E_UNSUPPORTED"
    fine = {"pair.interval": "100ms", "pair.warmup": "10s", "pair.horizon": "301s"}
    path = pab.impact("pair", overrides=fine, seeds=2)
    assert path["mean"].shape == (2, 13) and path["times"][0] == 0.1
