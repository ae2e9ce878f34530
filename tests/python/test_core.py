"""Scenarios, markets, environments and policies without gymnasium."""
import ctypes
import gc
import multiprocessing
import pickle

import numpy as np
import pytest

import pairsabides as pab
from pairsabides import _abi, _core

SEED = pab.episode_seed("train", "calm", 7)


@pytest.fixture
def env(scenario):
    made = pab.PairEnv(scenario)
    made.reset(SEED)
    return made


def play(env, policy, steps=1000):
    """Rewards of up to `steps` decisions, to the end of the episode at most."""
    policy.reset(env)
    rewards = []
    for _ in range(steps):
        result = env.step(*policy.act(env))
        rewards.append(result.reward)
        if result.flags & (_abi.PAB_STEP_TERMINATED | _abi.PAB_STEP_TRUNCATED):
            break
    return rewards


def test_every_declared_function_is_in_the_library():
    assert len(_abi.FUNCTIONS) > 150
    for name in _abi.FUNCTIONS:
        assert callable(getattr(_core.lib, name))


@pytest.mark.parametrize("name", [name for name in _abi.FUNCTIONS if name.endswith("_init")])
def test_records_have_the_library_s_size(name):
    """Each init function writes as much as it knows, and refuses what is shorter than its first version."""
    kind = getattr(_abi, name[: -len("_init")])
    record = _core.defaults(kind)
    assert record.struct_size == ctypes.sizeof(kind)
    assert getattr(_core.lib, name)(ctypes.byref(record), 4) == _abi.PAB_E_ARGUMENT


def test_an_error_tells_its_name_and_what_was_at_fault():
    with pytest.raises(pab.Error) as caught:
        pab.Config("rmsc04")["agents.noise.cuont"] = 3
    assert caught.value.name == "PAB_E_KEY"
    assert caught.value.status == _abi.PAB_E_KEY
    assert "cuont" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).text == caught.value.text


def test_a_config_reads_back_what_was_set():
    config = pab.Config("rmsc04")
    config["agents.noise.count"] = 10
    assert config["agents.noise.count"] == "10"
    assert pab.Scenario(config).fingerprint == pab.Scenario(pab.Config().parse(config.text())).fingerprint


def test_a_market_runs_and_its_books_are_read():
    market = pab.Market("rmsc04", {"agents.noise.count": 100})
    market.reset(1)
    info = market.scenario.describe()
    assert market.run(info["market_open"] + 60 * 10**9) == "time"
    (bid, bids), (ask, asks) = market.l1("ABM")
    assert 0 < bid < ask and bids > 0 and asks > 0
    levels = market.l2("buy", "ABM", 5)
    assert tuple(levels[0]) == (bid, bids) and (np.diff(levels["price"]) < 0).all()
    resting = market.l3("sell")
    assert resting["quantity"][resting["price"] == ask].sum() >= asks
    assert market.symbol()["trades"] > 0
    with pytest.raises(pab.Error, match="expected one of ABM"):
        market.l1("XYZ")


def test_a_tick_is_worth_what_the_scenario_says():
    assert pab.Scenario("rmsc04").tick_value == 0.01
    assert pab.Scenario("pair").tick_value == 0.001
    assert pab.Scenario("pair", {"exchange.tick_value": 0.25}).describe()["tick_value"] == 0.25


def test_taps_see_the_run_and_change_nothing():
    stop = pab.Scenario("rmsc04").describe()["market_open"] + 10**9
    market = pab.Market("rmsc04", {"agents.noise.count": 100})
    market.reset(1)
    market.run(stop)
    untapped = market.hash()
    seen = {"delivery": 0, "row": [], "l1": 0, "message": 0, "fundamental": 0}

    def count(name):
        def call(*_):
            seen[name] += 1
        return call

    market.tap(row=lambda time, symbol, row: seen["row"].append((time, symbol, row["kind"])),
               **{name: count(name) for name in ("delivery", "l1", "message", "fundamental")})
    market.reset(1)
    market.run(stop)
    assert market.hash() == untapped
    assert seen["delivery"] == market.counters()["delivered"]
    assert all(symbol == 0 for _, symbol, _ in seen["row"])
    assert sum(kind == "limit" for *_, kind in seen["row"]) > 0
    assert seen["l1"] and seen["message"] and seen["fundamental"]
    market.tap()
    market.reset(1)
    before = seen["delivery"]
    market.run(stop)
    assert seen["delivery"] == before


def test_what_a_tap_raises_comes_out_of_the_run():
    market = pab.Market("rmsc04", {"agents.noise.count": 10})

    def bad(*_):
        raise LookupError("from the tap")

    market.tap(delivery=bad)
    market.reset(1)
    with pytest.raises(LookupError, match="from the tap"):
        market.run()
    with pytest.raises(TypeError, match="no tap trade"):
        market.tap(trade=bad)


def test_a_market_is_saved_forked_and_pickled(scenario):
    market = pab.Market(scenario)
    market.reset(3)
    open_ = scenario.describe()["market_open"]
    market.run(open_ + 5 * 10**9)
    twins = [market.fork(), pickle.loads(pickle.dumps(market)), pab.Market(scenario)]
    twins[2].restore(market.save())
    apart = market.fork(1)
    for each in (market, apart, *twins):
        each.run(open_ + 20 * 10**9)
    assert {each.hash() for each in twins} == {market.hash()}
    assert apart.hash() != market.hash()
    with pytest.raises(pab.Error) as caught:
        market.restore(market.save()[:-1])
    assert caught.value.name == "PAB_E_CORRUPT"


def test_the_same_seed_gives_the_same_episode_and_another_another(scenario, env):
    first = env.observation.copy()
    rewards = play(env, pab.Policy("lae"))
    assert env.metrics()["residual"] == 0
    env.reset(SEED)
    assert (env.observation == first).all()
    assert play(env, pab.Policy("lae")) == rewards
    env.reset(SEED + 1)
    assert not (env.observation == first).all()


def test_the_observation_is_a_view_that_steps_write_to(env):
    buffer, mask = env.observation, env.mask
    before = buffer.copy()
    env.step((0, 0))
    assert env.observation is buffer and env.mask is mask
    assert not (buffer == before).all() and (env.observe() == buffer).all()
    assert (env.legal() == mask).all()
    with pytest.raises(pab.Error, match="float32"):
        env.observe(np.zeros(pab.OBSERVATIONS))


def test_forks_meet_the_same_future_or_their_own(env):
    policy = pab.Policy("sce")
    play(env, policy, 3)
    same, first, second, other = env.fork(), env.fork(1), env.fork(1), env.fork(2)
    futures = [play(each, pab.Policy("twap")) for each in (env, same, first, second, other)]
    assert futures[0] == futures[1] and futures[2] == futures[3]
    assert futures[0] != futures[2] != futures[4]


def test_an_environment_goes_on_from_a_pickle(env):
    play(env, pab.Policy("lae"), 4)
    twin = pickle.loads(pickle.dumps(env))
    assert twin.hash() == env.hash()
    assert (twin.observation == env.observation).all() and twin.result.step == env.result.step == 4
    assert play(twin, pab.Policy("twap")) == play(env, pab.Policy("twap"))
    assert twin.hash() == env.hash()


def finish_elsewhere(env, queue):
    play(env, pab.Policy("twap"))
    queue.put(env.hash())


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_an_environment_goes_on_in_another_process(env, method):
    play(env, pab.Policy("lae"), 4)
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=finish_elsewhere, args=(env, queue))
    process.start()
    elsewhere = queue.get(timeout=60)
    process.join(10)
    play(env, pab.Policy("twap"))
    assert process.exitcode == 0 and elsewhere == env.hash()


@pytest.mark.parametrize(("split", "regime", "index", "says"), [
    (7, "calm", 1, "split 7"), (0, "calm", 1, "split 0"), ("train", 9, 1, "regime 9"), ("test", "thin", 2**48, "2\\^48"),
])
def test_seeds_that_name_nothing_are_refused(split, regime, index, says):
    with pytest.raises(pab.OutOfRangeError, match=says):
        pab.episode_seed(split, regime, index)


def test_resets_refuse_seeds_and_weights_that_mean_nothing(env):
    for seed in (7 << 56, 2**48, 2**64 - 1):
        with pytest.raises(pab.OutOfRangeError, match="split"):
            env.reset(seed)
    with pytest.raises(pab.OutOfRangeError, match="weights.hedge is nan"):
        env.reset(1, pab.reset_options(weights={"hedge": float("nan")}))


def test_a_run_ends_on_the_scenario_s_day_and_not_in_the_past(scenario):
    market = pab.Market(scenario)
    market.reset(1)
    market.run("09:35")
    for until in (0, "2021-02-04", "2021-02-06T10:00", "09:31"):
        with pytest.raises(pab.OutOfRangeError, match="until is"):
            market.run(until)
    assert market.run() == "ended"


def test_things_that_are_not_there_are_named():
    market = pab.Market("rmsc04")
    market.reset(1)
    book = pab.OrderBook()
    for call, error, says in [
        (lambda: market.l3("buy", 7), pab.OutOfRangeError, "no symbol 7, expected less than 1"),
        (lambda: market.holding(9999), pab.OutOfRangeError, "agent 9999"),
        (lambda: pab.Policy(None), TypeError, "a policy is"),
        (lambda: pab.evaluate(market), TypeError, "policies are"),
        (lambda: pab.Scenario("pair", {3: 1}), TypeError, "a key is text"),
        (lambda: pab.Config("rmsc04", agents=[3]), TypeError, "class made from"),
        (lambda: book.limit("buy", -5, 100), pab.OutOfRangeError, "-5 shares"),
        (lambda: pab.Scenario("rmsc04", {"agents.noise.symbol": "XYZ"}), pab.UnknownNameError, "expected one of ABM"),
    ]:
        with pytest.raises(error, match=says):
            call()
    with pytest.raises(pab.UnknownNameError):
        book.cancel(book.limit("buy", 0, 100))  # it never rested


def test_bad_decisions_and_closed_handles_are_refused(env):
    for decision in (3, None):
        with pytest.raises(pab.UsageError, match="each of 2 legs, not"):
            env.step(decision)
    with pytest.raises(pab.Error) as caught:
        env.step((17, 0))
    assert caught.value.name == "PAB_E_RANGE"
    with pytest.raises(TypeError):
        env.step(np.array([1.5, 2]))
    with pytest.raises(pab.Error, match="each of 2 legs"):
        env.step((1, 2, 3))
    env.close()
    env.close()
    with pytest.raises(pab.Error, match="closed"):
        env.step((0, 0))


def test_options_of_an_episode_are_followed(scenario):
    env = pab.PairEnv(scenario)
    env.reset(SEED, pab.reset_options(side="sell", quantity=200, regime="thin"))
    status = env.status()
    assert status["side"][0] == -1 and status["parent"][0] == 200 and pab.REGIMES[status["regime"]] == "thin"
    with pytest.raises(pab.Error, match="no regime quiet"):
        pab.reset_options(regime="quiet")


def test_a_callable_is_a_policy(env):
    seen = []

    def taker(view):
        seen.append(view.status()["step"])
        return 12, 12

    policy = pab.Policy(taker)
    assert policy.name == "taker"
    policy.reset(env)
    assert policy.act(env) == ((12, 12), (0, 0)) and seen == [0]
    exact = pab.Policy(lambda view: ((12, 0), (5, 0)), "exact")
    assert exact.name == "exact"
    exact.reset(env)
    assert exact.act(env) == ((12, 0), (5, 0))


def test_what_a_policy_raises_comes_out_of_the_call(env, scenario):
    def bad(view):
        raise LookupError("from the policy")

    policy = pab.Policy(bad)
    policy.reset(env)
    with pytest.raises(LookupError, match="from the policy"):
        policy.act(env)
    for threads in (0, 2):
        with pytest.raises(LookupError, match="from the policy"):
            pab.evaluate({"bad": bad}, scenario, episodes=2, regimes=["calm"], threads=threads)


def test_an_environment_is_lent_to_a_policy_for_the_call_only(env):
    kept = []
    policy = pab.Policy(lambda view: kept.append(view) or (0, 0))
    policy.reset(env)
    policy.act(env)
    with pytest.raises(pab.Error, match="after the policy's call"):
        kept[0].observe()


def test_an_evaluation_keeps_its_scenario_while_it_runs():
    table = pab.evaluate(["twap"], "pair", overrides={"pair.horizon": "60s"}, episodes=1, regimes=["calm"])
    assert len(table.rows()["seed"]) == 1


def test_callables_are_forgotten_with_their_policies():
    from pairsabides import policy as module
    gc.collect()  # of policies that earlier tests' tracebacks held
    before = len(module._callables)
    policy = pab.Policy(lambda view: (0, 0))
    assert len(module._callables) == before + 1
    policy.close()
    assert len(module._callables) == before


def test_an_evaluation_does_not_depend_on_threads_and_equals_single_environments(scenario):
    policies = {"twap": "twap", "mine": lambda view: (12, 12)}
    tables = [pab.evaluate(policies, scenario, episodes=3, regimes=["calm", "thin"], threads=threads, resamples=200)
              for threads in (0, 2)]
    rows = tables[0].rows()
    for name, column in rows.items():
        np.testing.assert_array_equal(column, tables[1].rows()[name])
    assert len(rows["policy"]) == 2 * 2 * 3 and set(rows["regime"]) == {"calm", "thin"}
    means = [rows["pair_cost"][rows["policy"] == name].mean() for name in policies]
    compared = tables[0].compare("twap")
    assert compared["mine"]["mean"] == pytest.approx(means[1] - means[0])
    assert tables[0].summary("mine")["pair_cost"] == pytest.approx(means[1])
    assert "mine" in tables[0].text("twap")


def test_progress_is_told_and_may_cancel(scenario):
    told = []
    pab.evaluate(["twap"], scenario, episodes=3, regimes=["calm"], progress=lambda *told_now: told.append(told_now))
    assert told[-1] == ("evaluate", 3, 3)
    with pytest.raises(pab.Error) as caught:
        pab.evaluate(["twap"], scenario, episodes=3, regimes=["calm"], progress=lambda stage, done, total: True)
    assert caught.value.name == "PAB_E_CANCELLED"


def test_evaluations_are_frames_where_pandas_is(scenario):
    pytest.importorskip("pandas")
    table = pab.evaluate(["twap", "lae"], scenario, episodes=2, regimes=["calm"], resamples=100)
    frame = table.frame()
    assert list(frame["policy"]) == ["twap"] * 2 + ["lae"] * 2 and frame["pair_cost"].notna().all()
    assert table.summary_frame().loc["lae", "episodes"] == 2
    assert table.compare_frame("twap").loc["twap", "mean"] == 0


def test_listings_describe_the_interface():
    assert {"pair", "rmsc04"} <= set(pab.presets())
    assert len(pab.features()) == pab.OBSERVATIONS and len(pab.action_names()) == pab.LEG_ACTIONS
    assert pab.builtin_policies()["lae"] == "pair|leg"
    assert any(row["key"] == "pair.quantity" for row in pab.schema())
    assert any(option["min"] < option["max"] for option in pab.policy_options())
    assert "pair_cost" in [measure["name"] for measure in pab.measures()]


def test_nothing_is_printed(scenario, capfd):
    pab.evaluate(["twap"], scenario, episodes=2, regimes=["calm"])
    assert capfd.readouterr() == ("", "")
