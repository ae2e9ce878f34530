"""What must not bring the interpreter down, nor be silently something else."""
import copy
import datetime
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import pairsabides as pab
from pairsabides import _abi as abi

ABM = "{preset: rmsc04, agents: {value: {count: 20}, noise: {count: 50}, momentum: {count: 2}}}"


class Plain(pab.Agent):
    """Nothing but a name."""

    name = "plain"


class Counts(pab.Agent):
    name = "counts"
    state = {"wakings": int}

    def on_wakeup(self, can_trade):
        self.my.wakings += 1
        self.wakeup_at(self.now + 10**9)


def counting(kind=Counts):
    return pab.Scenario(f"{{preset: rmsc04, agents: {{noise: {{count: 20}}, mine: {{type: {kind.name}, count: 1}}}}}}",
                        agents=[kind])


def in_a_child(code):
    """Runs code in an interpreter of its own: (exit status, what it printed)."""
    done = subprocess.run([sys.executable, "-c", f"import pairsabides as pab\n{code}"], capture_output=True, text=True,
                          timeout=60, cwd=pathlib.Path(__file__).parent)
    return done.returncode, done.stdout + done.stderr


# Pickles and copies.

@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
def test_configs_and_policies_are_copied_by_what_made_them(again):
    config = pab.Config("rmsc04", [Counts])
    config["agents.noise.count"] = 7
    twin = again(config)
    assert twin.text() == config.text() and twin.agents == [Counts]
    config.close()
    assert twin["agents.noise.count"] == "7"
    policy = pab.Policy("twap:take")
    twin = again(policy)
    policy.close()
    assert twin.name == "twap:take"
    assert again(pab.Policy(in_order, "mine")).name == "mine"


def in_order(view):
    return 0, 0


@pytest.mark.parametrize("make", [pab.OrderBook, pab.Tape])
def test_what_cannot_be_copied_says_so(make):
    for again in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            again(make())


# Closing.

def test_with_closes():
    with pab.Market(ABM) as market:
        market.reset(1)
    assert market.closed and "closed" in repr(market)
    with pytest.raises(pab.StateError, match="is closed"):
        market.l1()
    market.close()


def test_a_market_is_not_closed_by_its_own_tap():
    market = pab.Market(ABM)
    market.tap(l1=lambda *_: market.close())
    market.reset(1)
    with pytest.raises(pab.StateError, match="is in a call"):
        market.run("09:31")
    market.tap()
    market.reset(1)
    assert market.run("09:31") == "time"


def test_a_policy_closes_neither_itself_nor_its_environment(scenario):
    env = pab.PairEnv(scenario)
    env.reset(1)
    for victim in ("policy", "env"):
        made = {"env": env}
        made["policy"] = pab.Policy(lambda view, victim=victim: made[victim].close(), "closes")
        made["policy"].reset(env)
        with pytest.raises(pab.StateError, match="is in a call"):
            made["policy"].act(env)
    assert env.hash()


def test_another_thread_neither_closes_nor_uses_what_is_in_a_call():
    market = pab.Market("rmsc04")
    inside, go_on, errors = threading.Event(), threading.Event(), []

    def wait(*_):
        inside.set()
        go_on.wait(20)

    market.tap(l1=wait)
    market.reset(1)
    thread = threading.Thread(target=lambda: market.run("09:31"))
    thread.start()
    assert inside.wait(20)
    for use in (market.close, market.l1, market.hash):
        with pytest.raises(pab.StateError) as caught:
            use()
        errors.append(str(caught.value))
    go_on.set()
    thread.join()
    assert "is in a call" in errors[0] and "another thread" in errors[1]
    market.close()


# What is lent.

def test_what_an_agent_was_given_may_be_kept():
    kept = []

    class Keeps(Counts):
        name = "keeps"
        params = {"size": pab.Param(5)}

        def on_message(self, kind, message, sender):
            kept.extend([self, message])

        def on_wakeup(self, can_trade):
            super().on_wakeup(can_trade)
            kept.extend([self.my, self.given])

    market = pab.Market(counting(Keeps))
    market.reset(1)
    market.run("09:31")
    agent = market.scenario.groups()[-1]["first_id"]
    assert market.agent_state(agent).wakings > 10
    market.close()
    del market
    states = [each for each in kept if hasattr(each, "wakings")]
    assert states[-1].wakings > states[0].wakings and kept[-1].size == 5
    assert {each.type for each in kept if hasattr(each, "type")}
    with pytest.raises(pab.StateError, match="after its callback"):
        next(each for each in kept if isinstance(each, Keeps)).now


def test_messages_of_taps_may_be_kept():
    kept = []
    market = pab.Market(ABM)
    market.tap(message=lambda time, sender, recipient, kind, message: kept.append(message))
    market.reset(1)
    market.run("09:31")
    market.close()
    assert len({each.u.order.id for each in kept}) > 2


def test_a_closed_owner_closes_what_it_lent(scenario):
    env = pab.PairEnv(scenario)
    market = env.market
    env.reset(1)
    env.close()
    with pytest.raises(pab.StateError, match="is closed"):
        market.l1()


def test_only_writable_arrays_are_written(scenario):
    env = pab.PairEnv(scenario)
    env.reset(1)
    constant = np.zeros(pab.OBSERVATIONS, np.float32)
    constant.flags.writeable = False
    frozen = np.frombuffer(bytes(4 * pab.OBSERVATIONS), np.float32)
    for out in (constant, frozen, np.zeros(2 * pab.OBSERVATIONS, np.float32)[::2], np.zeros(3, np.float32), [0.0]):
        with pytest.raises(pab.UsageError, match="writable"):
            env.observe(out=out)
    for out in (np.zeros((2, 17), np.int64), np.zeros(3, np.uint8)):
        with pytest.raises(pab.UsageError, match="a mask"):
            env.legal(out=out)
    assert (env.observe(out=np.zeros(pab.OBSERVATIONS, np.float32)) == env.observation).all()


# Ctrl-C.

INTERRUPTED = """
import os, signal, threading, time
def soon(seconds=0.3):
    threading.Thread(target=lambda: (time.sleep(seconds), os.kill(os.getpid(), signal.SIGINT)), daemon=True).start()
def tried(call):
    soon()
    try:
        call()
        time.sleep(2)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    except BaseException as error:
        print(type(error).__name__, error, flush=True)
class Wakes(pab.Agent):
    name = "wakes"
    def on_wakeup(self, can_trade):
        self.wakeup_at(self.now + 10**5)
"""


@pytest.mark.parametrize("call", [
    "pab.evaluate(['lae', 'sce'], episodes=100000)",
    "pab.evaluate({'mine': lambda view: (0, 0)}, episodes=100000)",
    "pab.evaluate(['lae'], episodes=100000, progress=lambda *_: None)",
    "pab.tune('sce')",
    "(lambda m: (m.reset(1), m.run()))(pab.Market(pab.Scenario("
    "'{preset: rmsc04, agents: {mine: {type: wakes, count: 1}}}', agents=[Wakes])))",
])
def test_an_interrupt_is_an_interrupt(call):
    status, said = in_a_child(f"{INTERRUPTED}\ntried(lambda: {call})\nprint('usable', pab.Config('pair').text() != '')")
    assert (status, said.split("\n")[:2]) == (0, ["interrupted", "usable True"]), said


def test_an_interrupt_leaves_the_handler_as_it_was():
    before = signal.getsignal(signal.SIGINT)
    market = pab.Market(ABM)
    market.reset(1)
    market.run("09:31")
    assert signal.getsignal(signal.SIGINT) is before


# Numbers, names and times.

def test_integers_do_not_wrap(scenario):
    market, book, tape = pab.Market(ABM), pab.OrderBook(), pab.Tape()
    for call in (lambda: market.reset(2**64), lambda: market.reset(-1), lambda: pab.reset_options(quantity=2**63),
                 lambda: book.limit("buy", 2**63, 100), lambda: book.limit("buy", 1, 2**63),
                 lambda: tape.add_quote(1, 1.9e11, 1, 1.9e11, 1), lambda: pab.evaluate(["lae"], episodes=2**32),
                 lambda: pab.episode_seed(index=2**64), lambda: market.agent(2**32), lambda: market.l2("buy", depth=2**32),
                 lambda: pab.PairEnv(scenario).step([2**31, 0])):
        with pytest.raises(OverflowError, match="expected"):
            call()
    for call in (lambda: market.reset(1.5), lambda: market.reset("7"), lambda: book.limit("buy", 1.5, 100),
                 lambda: pab.PairEnv(scenario).step([0.5, 0])):
        with pytest.raises(TypeError, match="whole number"):
            call()
    market.reset(np.int64(7))


def test_an_agent_s_numbers_do_not_wrap():
    class Large(pab.Agent):
        name = "large"

        def on_wakeup(self, can_trade):
            self.limit_order("buy", 2**64 + 50, 100, 0)

    market = pab.Market(counting(Large))
    market.reset(1)
    with pytest.raises(OverflowError, match="quantity is 18446744073709551666"):
        market.run("09:31")


def test_text_does_not_end_at_a_zero():
    config = pab.Config("rmsc04")
    for call in (lambda: config.__setitem__("agents.noise.count\0x", 3), lambda: config.__getitem__("seed\0"),
                 lambda: pab.Config("rmsc04\0"), lambda: pab.Policy("lae\0"), lambda: config.load("a\0b"),
                 lambda: pab.Policy(in_order, "a\0b")):
        with pytest.raises(ValueError, match="zero character"):
            call()


def test_times_are_numbers_text_or_dates():
    scenario = pab.Scenario(ABM)
    open_ = scenario.describe()["market_open"]
    day = str(np.datetime64(open_, "ns").astype("datetime64[D]"))
    whole = open_ - 9 * 3600 * 10**9 - 30 * 60 * 10**9 + 10 * 3600 * 10**9
    for text in ("10:00", "10:00:00", f"{day}T10:00:00", f"{day} 10:00", np.datetime64(f"{day}T10:00"),
                 datetime.datetime.fromisoformat(f"{day}T10:00"), whole, np.int64(whole)):
        assert scenario.time(text) == whole
    assert scenario.time("10:00:00.5") == whole + 5 * 10**8
    for wrong in ("noon", "25:00", "10", 1.5):
        with pytest.raises(TypeError):
            scenario.time(wrong)


def test_a_scenario_is_a_preset_a_file_or_text(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_text("preset: rmsc04\nagents: {noise: {count: 7}}\n")
    prints = {pab.Scenario(each).fingerprint for each in
              (file, str(file), file.read_text(), pab.Config().load(file), "{preset: rmsc04, agents: {noise: {count: 7}}}")}
    assert len(prints) == 1
    with pytest.raises(pab.UnknownNameError, match="neither a preset .*rmsc04.* nor a YAML file"):
        pab.Scenario("nope.yaml")
    with pytest.raises(TypeError, match="not 7"):
        pab.Scenario(7)
    without = pab.Scenario("rmsc04", {"agents.momentum": None})
    assert "momentum" not in {group["name"] for group in without.groups()}


# Errors and words.

def test_errors_are_of_kinds():
    for call, kind, builtin in (
            (lambda: pab.Config("nope"), pab.UnknownNameError, KeyError),
            (lambda: pab.Config("rmsc04").__setitem__("agents.noise.count", "many"), pab.WrongTypeError, TypeError),
            (lambda: pab.Market(ABM).run(), pab.StateError, RuntimeError),
            (lambda: pab.Tape("/nowhere/at/all.csv"), pab.FileError, RuntimeError),
            (lambda: pab.Market(ABM).restore(b"nothing"), pab.DataError, ValueError)):
        with pytest.raises(kind) as caught:
            call()
        error = caught.value
        assert isinstance(error, pab.Error) and isinstance(error, builtin)
        assert str(error) == f"{error.name}: {error.text}" and error.status == getattr(abi, error.name)
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error)


def test_what_is_there_is_named():
    with pytest.raises(pab.UnknownNameError, match="expected buy or sell"):
        pab.OrderBook().limit("bid", 1, 1)
    with pytest.raises(pab.WrongTypeError, match="expected int, float, bool"):
        pab.Config(agents=[type("Bad", (pab.Agent,), {"name": "bad", "state": {"x": "int"}})])


def test_an_agent_needs_no_parameters():
    market = pab.Market(counting(Plain))
    market.reset(1)
    assert market.run("09:30:10") == "time"
    assert market.scenario.groups()[-1]["type"] == "plain"


def test_reprs_say_something(scenario):
    env, market = pab.PairEnv(scenario), pab.Market(ABM)
    assert repr(env) == "<PairEnv of AAA, BBB before reset>"
    env.reset(5)
    market.reset(1)
    assert "decision 0 of" in repr(env) and "at 20" in repr(market)
    assert repr(pab.Policy("lae")) == "<Policy 'lae:pair'>" and "fingerprint" in repr(scenario)
    assert "| " in repr(pab.OrderBook()) and "0 quotes" in repr(pab.Tape()) and "lines" in repr(pab.Config("pair"))


# Processes.

def test_a_forked_child_ends():
    """With a vector, threads and all, it neither waits for threads that it has not, nor uses them."""
    code = """
import os, warnings
import numpy as np
warnings.simplefilter("ignore")
from pairsabides.vector import PairExecutionVectorEnv
env = PairExecutionVectorEnv(2, "pair", {"pair.warmup": "10s", "pair.horizon": "20s"}, threads=2)
env.reset(seed=1)
child = os.fork()
if child == 0:
    try:
        env.step(np.zeros((2, 2), int))
    except pab.StateError as error:
        print("refused", flush=True)
    del env
    market = pab.Market("rmsc03")
    market.reset(1)
    print(market.run("09:31"), flush=True)
    raise SystemExit(0)
print(os.waitpid(child, 0)[1], flush=True)
env.step(np.zeros((2, 2), int))
"""
    assert in_a_child(code) == (0, "refused\ntime\n0\n")
