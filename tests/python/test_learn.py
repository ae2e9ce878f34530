"""The stages of learning, with budgets as small as they get."""
import pickle
import signal

import numpy as np
import pytest

import pairsabides as pab
from pairsabides.progress import Progress

TABLES = {"rounds": 2, "episodes": 8, "validation": 4, "interval": 1}
SMALL = {"budget": 0.005, "threads": 2}


@pytest.fixture(scope="module")
def table(scenario):
    return pab.QTable.train(scenario, "lae", threads=2, **TABLES)


@pytest.fixture(scope="module")
def ensemble(scenario, table):
    return pab.Ensemble.train(scenario, {"lae": table}, candidates=8, seeds=5, front=0, **SMALL)


@pytest.fixture(scope="module")
def preferences(scenario, ensemble):
    return pab.Preferences.generate(scenario, ensemble, extra=[pab.Policy("lae:leg")], episodes=10, futures=2, **SMALL)


@pytest.fixture(scope="module")
def mixture(scenario, ensemble):
    return pab.Mixture.distil(scenario, ensemble, **SMALL)


def same(scenario, *policies):
    rows = pab.evaluate({str(i): each for i, each in enumerate(policies)}, scenario, episodes=2, regimes=["calm"],
                        resamples=100).rows()
    costs = rows["pair_cost"].reshape(len(policies), -1)
    return (costs == costs[0]).all()


def test_tables_are_described_and_read(table):
    assert table.expert == "lae" and table.describe()["pair"]["mode"] in ("plain", "confident", "rule")
    curve = table.curve()
    assert set(curve["table"]) == {0, 1, 2} and (curve["missed"][curve["round"] > 0] >= 0).all()
    leg = table.table("leg_a")
    assert leg.shape == (4050, 18) and (leg["visits"] > 0).any(axis=1).sum() == table.describe()["leg_a"]["visited"]
    assert pab.QTable.options()["trace"] == 0.8
    shared = table.shared("leg_a")
    assert shared.shape == (17, 17) and shared["count"].sum() == leg["visits"][:, 0].sum() > 0
    assert (shared["visits"][:, 0] == shared["count"].sum(axis=1)).all()


def test_tables_learn_from_whole_episodes_too(scenario):
    table = pab.QTable.train(scenario, "ome", forks=0, repeats=4, threads=2, **TABLES)
    assert (table.shared("pair")["count"] == 0).all() and (table.table("pair")["count"] > 0).any()


def test_what_was_learnt_is_kept_in_files_and_pickles(scenario, table, ensemble, preferences, mixture, tmp_path):
    for made in (table, ensemble, mixture):
        made.save(tmp_path / "kept")
        stored = type(made).load(tmp_path / "kept")
        assert same(scenario, made.policy(), stored.policy(), pickle.loads(pickle.dumps(made)).policy())
    twin = pickle.loads(pickle.dumps(preferences))
    assert twin.describe() == preferences.describe()
    with pytest.raises(pab.Error) as caught:
        pab.QTable.load(tmp_path / "kept")
    assert caught.value.name == "PAB_E_KIND"


def test_a_policy_keeps_what_it_reads(scenario, ensemble):
    policy = pickle.loads(pickle.dumps(ensemble)).policy()
    assert same(scenario, policy, ensemble.policy())


def test_training_does_not_depend_on_threads(scenario, table):
    again = pab.QTable.train(scenario, "lae", **TABLES)
    assert (again.table("pair") == table.table("pair")).all()


def test_an_ensemble_tells_its_cells_search_and_finalists(ensemble):
    cells, info = ensemble.cells(), ensemble.describe()
    np.testing.assert_allclose(cells["weight"].sum(axis=1), 1)
    assert cells.shape == (72,) and len(ensemble.search()) == info["generations"] >= 2
    assert len(ensemble.sweeps()) == ensemble.describe()["sweeps"]
    finalists = ensemble.finalists()
    assert finalists["objective"].argmin() == info["selected"] and finalists["front"].any()


def test_preferences_are_rows(preferences):
    info, starts = preferences.describe(), preferences.starts()
    assert len(starts) == info["starts"] > 0 and starts["pairs"].sum() == info["pairs"]
    best = int(starts["pairs"].argmax())
    trajectories, pairs = preferences.trajectories(best), preferences.pairs(best)
    assert len(trajectories) == starts["trajectories"][best]
    for pair in pairs:
        assert pair["p"] >= 0.5 and trajectories["score"][pair["winner"]] - trajectories["score"][pair["loser"]] > 0
    with pytest.raises(pab.Error):
        preferences.trajectories(len(starts))


def test_a_mixture_is_tuned_plays_and_says_why(scenario, ensemble, preferences, mixture):
    tuned, accepted = mixture.tune(scenario, preferences, "ipo", ensemble=ensemble, **SMALL)
    assert isinstance(accepted, bool)
    if not accepted:
        assert same(scenario, tuned.policy(), mixture.policy())
    env = pab.PairEnv(scenario)
    env.reset(pab.episode_seed())
    reason = mixture.explain(env.observation, env.mask)
    policy = mixture.policy()
    policy.reset(env)
    (a, b), _ = policy.act(env)
    assert reason["action"][0] == 17 * a + b and reason["gate"].sum() == pytest.approx(1)
    assert policy.explain(env) and mixture.cells()["visits"].sum() > 0
    assert not same(scenario, mixture.policy(sample=True, temperature=3.0), mixture.policy())
    with pytest.raises(pab.Error, match="60 features"):
        mixture.explain(env.observation[:3], env.mask)


def test_logs_and_checkpoints_are_written(scenario, tmp_path):
    log, checkpoint = tmp_path / "log.csv", tmp_path / "checkpoint"
    calls = []

    def stop(stage, done, total):
        calls.append((stage, done, total))
        return len(calls) == 4

    with pytest.raises(pab.Error) as caught:
        pab.QTable.train(scenario, "sce", checkpoint=checkpoint, progress=stop, **TABLES)
    assert caught.value.name == "PAB_E_CANCELLED" and checkpoint.exists()
    resumed = pab.QTable.train(scenario, "sce", checkpoint=checkpoint, log=log, **TABLES)
    assert (resumed.table("pair") == pab.QTable.train(scenario, "sce", **TABLES).table("pair")).all()
    assert len(pab.read_log(log)) > 1


def test_frames_spread_arrays_over_columns(ensemble, table):
    pytest.importorskip("pandas")
    assert {"weight_0", "weight_3", "kappa"} <= set(pab.frame(ensemble.cells()).columns)
    assert pab.frame(table.describe()).loc["pair", "actions"] == 25


def test_an_interrupt_stops_a_stage(scenario):
    def interrupt(stage, done, total):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        pab.QTable.train(scenario, "lae", progress=interrupt, **TABLES)
    with pytest.raises(KeyboardInterrupt):
        pab.evaluate(["twap"], scenario, episodes=3, regimes=["calm"], progress=interrupt)


def test_a_bar_is_shown_when_asked_for(scenario, capfd):
    tqdm = pytest.importorskip("tqdm")
    pab.QTable.train(scenario, "lae", progress=True, **TABLES)
    out, err = capfd.readouterr()
    assert out == "" and "100%" in err
    assert tqdm is not None


def test_without_tqdm_nothing_is_shown(capfd, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    progress = Progress(True)
    assert progress.tell("train", 1, 2) == 0
    progress.close()
    assert capfd.readouterr() == ("", "")


def test_mistakes_are_told(scenario, ensemble):
    with pytest.raises(pab.Error, match="no option round, expected some of .*rounds"):
        pab.QTable.train(scenario, "lae", round=2)
    with pytest.raises(pab.Error, match="no expert laf"):
        pab.QTable.train(scenario, "laf")
    with pytest.raises(pab.Error, match="no expert laf"):
        pab.Ensemble.train(scenario, {"laf": None})
    with pytest.raises(TypeError):
        pab.QTable.train(scenario, "lae", rounds="many")


def test_what_a_preference_s_policy_raises_comes_out(scenario, ensemble):
    def bad(view):
        raise LookupError("from the policy")

    with pytest.raises(LookupError, match="from the policy"):
        pab.Preferences.generate(scenario, ensemble, extra=[pab.Policy(bad)], episodes=5, futures=1)
