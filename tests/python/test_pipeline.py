"""All stages in one call."""
import pytest

import pairsabides as pab
from conftest import OVERRIDES

SMALL = {"overrides": {**OVERRIDES, "pair.horizon": "30s"}, "budget": 0.001, "threads": 2, "rounds": 1,
         "losses": ["mix"], "front": 0, "episodes": 8, "resamples": 100}


def test_a_run_is_cut_off_goes_on_and_is_opened_again(tmp_path):
    told = []

    def stop(stage, done, total):
        told.append(stage)
        return len(told) == 3

    run = tmp_path / "run"
    with pytest.raises(pab.Error) as caught:
        pab.Pipeline.run(run, progress=stop, **SMALL)
    assert caught.value.name == "PAB_E_CANCELLED"
    done = pab.Pipeline.run(run, resume=True, progress=lambda stage, done, total: told.append(stage), **SMALL)
    assert len(set(told)) > 4 and done.result["shipped"] in ("ensemble", "distilled", "tuned")
    again = pab.Pipeline(run)
    assert {"q:lae", "sip", "moe"} <= set(again.policies) and again.result is None
    table = pab.evaluate({"sip": again.policy("sip"), "twap": again.policy("twap")}, again.scenario, episodes=2,
                         regimes=["calm"], resamples=100)
    assert len(table.rows()["seed"]) == 4
    with pytest.raises(pab.Error) as caught:
        pab.Pipeline.run(run, **SMALL)
    assert caught.value.name == "PAB_E_STATE"
    report = again.report()
    assert report["shipped"] == done.result["shipped"] and report["run"]["episodes"] == 8
    assert {"moe", "sip", "lae"} <= {row["policy"] for row in report["summary"]} and report["increments"]


def test_mistakes_are_told(tmp_path):
    with pytest.raises(pab.Error, match="no loss ipa"):
        pab.Pipeline.run(tmp_path / "run", losses=["ipa"])
    with pytest.raises(pab.Error, match="no option round, expected some of"):
        pab.Pipeline.run(tmp_path / "run", round=1)
    assert pab.Pipeline.options()["eta"] == 0.5
