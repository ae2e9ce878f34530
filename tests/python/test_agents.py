"""Agents written in Python, in markets of their own and under the pair environment."""
import ctypes
import pickle

import numpy as np
import pytest

import pairsabides as pab
from conftest import OVERRIDES

MINUTE = 60 * 10**9
YAML = """
preset: rmsc04
agents: {patient: {type: buyer, symbol: ABM, count: 2, slice: 25, period: 20s}}
"""


class Buyer(pab.Agent):
    """Buys a slice at the best ask once a period."""

    name = "buyer"
    params = {"slice": pab.Param(10, "shares", "Shares bought at a time", 1, 1e6),
              "period": pab.Param("30s", "ns", "Time between purchases", kind="duration"),
              "mood": pab.Param("calm", choices=("calm", "keen")), "note": pab.Param("a word"),
              "brave": pab.Param(True), "share": pab.Param(0.5)}
    state = {"bought": int, "asking": bool, "last": (float, 3), "small": ctypes.c_int16}

    def first_wakeup(self):
        return 10**9

    def on_wakeup(self, can_trade):
        if can_trade:
            self.query_spread()
            self.my.asking = True
            self.wakeup_at(self.now + self.given.period)

    def on_message(self, kind, message, sender):
        if kind == "order_executed":
            self.my.bought += message.u.order.quantity
        elif kind == "spread" and self.my.asking:
            self.my.asking = False
            self.my.last[0] = message.u.quote.ask
            if message.u.quote.ask > 0:
                self.limit_order("buy", self.given.slice, message.u.quote.ask)


def market(agents=(Buyer,), overrides=None):
    made = pab.Market(pab.Scenario(YAML, overrides, agents=agents))
    made.reset(1)
    return made


def members(each):
    return [i for group in each.scenario.groups() if group["type"] == "buyer"
            for i in range(group["first_id"], group["first_id"] + group["count"])]


def open_of(each):
    return each.scenario.describe()["market_open"]


def test_an_agent_trades_and_keeps_its_state():
    made = market()
    made.run(open_of(made) + 5 * MINUTE)
    first, second = (made.agent_state(i) for i in members(made))
    assert first.bought == made.holding(members(made)[0]) > 0 and first.bought % 25 == 0
    assert second.bought > 0 and first.last[0] > 0


def test_an_agent_s_state_is_saved_forked_and_pickled_with_the_market():
    made = market()
    made.run(open_of(made) + 2 * MINUTE)
    twins = [made.fork(), pickle.loads(pickle.dumps(made)), pab.Market(made.scenario)]
    twins[2].restore(made.save())
    for each in (made, *twins):
        each.run(open_of(made) + 4 * MINUTE)
    assert {each.hash() for each in twins} == {made.hash()}
    assert twins[1].agent_state(members(made)[0]).bought == made.agent_state(members(made)[0]).bought


def test_parameters_come_from_the_scenario():
    seen = []

    class Curious(Buyer):
        def on_start(self):
            given = self.given
            seen.append((given.slice, given.period, given.mood, given.note, given.brave, given.share))

    market([Curious], {"agents.patient.mood": "keen", "agents.patient.brave": False})
    assert seen[0] == (25, 20 * 10**9, "keen", "a word", 0, 0.5) and len(seen) == 2
    with pytest.raises(pab.Error) as caught:
        market(overrides={"agents.patient.slice": 0})
    assert caught.value.name == "PAB_E_RANGE" and "slice" in caught.value.text


@pytest.mark.parametrize("where", ["on_build", "on_start", "first_wakeup", "on_wakeup", "on_message"])
def test_what_an_agent_raises_stops_the_run_and_comes_out_of_it(where):
    def bad(self, *_):
        raise LookupError(where)

    with pytest.raises(LookupError, match=where):
        made = market([type("Bad", (Buyer,), {where: bad})])
        made.run(open_of(made) + MINUTE)


def test_an_agent_is_lent_for_its_callback_only():
    kept = []

    class Kept(Buyer):
        def on_start(self):
            self.scratch = 1
            kept.append(self)

        def on_wakeup(self, can_trade):
            with pytest.raises(AttributeError, match="declared in `state`"):
                self.scratch

    made = market([Kept])
    made.run(open_of(made) + MINUTE)
    with pytest.raises(pab.Error, match="after its callback"):
        kept[0].limit_order("buy", 1, 1)


def test_what_an_agent_can_see_do_and_draw():
    seen = {}

    class Busy(Buyer):
        def on_wakeup(self, can_trade):
            if not can_trade:
                return self.wakeup_at(self.market_open + 60 * 10**9)
            if self.id != members(made)[0] or "open" in seen:
                return None
            self.subscribe("l2", interval=10**9, depth=3)
            self.query_volume(60 * 10**9)
            self.query_last_trade()
            first = self.limit_order("buy", 10, 90_000)
            self.batch_begin()
            second = self.limit_order("sell", 5, 110_000, flags=("post_only",))
            self.batch_end()
            self.market_order("buy", 1)
            seen["open"] = self.open_orders()
            self.partial_cancel(first, 4)
            self.modify(first, 5, 90_000)
            seen["new"] = self.replace(second, 6, 110_001)
            self.send(members(made)[1], 7, (1, 2), (0.5,))
            seen["draws"] = (self.uniform(), self.randint(3, 4), self.normal(), self.exponential(2.0),
                             self.order_size())
            seen["observed"] = self.observe(0.0)
            seen["who"] = (self.symbol, self.cash, self.market_close > self.market_open, self.market_closed)
            self.add_delay(1)
            self.pause()
            with pytest.raises(pab.Error) as caught:
                self.cancel(10**9)
            seen["refused"] = caught.value.name
            return None

        def on_message(self, kind, message, sender):
            seen.setdefault(kind, message.symbol)
            if kind == "l2_data":
                seen["levels"] = self.levels(message, "buy").copy()
            if kind == "user":
                seen["user"] = (message.u.user.kind, list(message.u.user.i), list(message.u.user.d), sender)

    made = market([Busy])
    assert made.run(open_of(made) + 5 * MINUTE) == "paused"
    made.run(open_of(made) + 5 * MINUTE)
    assert seen["open"]["quantity"].tolist() == [10, 5, 1] and seen["new"] > 0 and seen["refused"] == "PAB_E_KEY"
    assert seen["user"] == (7, [1, 2, 0], [0.5, 0.0], members(made)[0])
    assert 0 <= seen["draws"][0] < 1 and seen["draws"][1] == 3 and seen["observed"] > 0
    assert seen["who"] == (0, 10_000_000, True, False)
    assert len(seen["levels"]) == 3 and (np.diff(seen["levels"]["price"]) < 0).all()
    assert {"volume", "last_trade", "order_accepted", "order_executed", "l2_data"} <= set(seen)


def test_agents_live_under_the_pair_environment_and_in_evaluations():
    name = pab.Scenario("pair").symbols[0]
    text = f"preset: pair\nagents: {{patient: {{type: buyer, symbol: {name}, count: 1, period: 5s}}}}\n"
    scenario = pab.Scenario(text, OVERRIDES, agents=[Buyer])
    env = pab.PairEnv(scenario)
    env.reset(pab.episode_seed())
    env.step((12, 12))
    bought = env.market.agent_state(members(env.market)[0]).bought
    assert bought > 0
    rows = [pab.evaluate(["twap"], scenario, episodes=2, regimes=["calm"], threads=n).rows() for n in (0, 2)]
    assert (rows[0]["pair_cost"] == rows[1]["pair_cost"]).all()

    class Bad(Buyer):
        def on_wakeup(self, can_trade):
            raise LookupError("from the agent")

    with pytest.raises(LookupError, match="from the agent"):
        pab.evaluate(["twap"], pab.Scenario(text, OVERRIDES, agents=[Bad]), episodes=2, regimes=["calm"], threads=2)


def test_mistakes_in_a_type_are_told():
    with pytest.raises(pab.Error, match="has no name"):
        pab.Scenario("rmsc04", agents=[pab.Agent])
    with pytest.raises(pab.Error, match="no kind"):
        odd = type("Odd", (pab.Agent,), {"name": "odd", "params": {"a": pab.Param(kind="word")}})
        pab.Scenario("rmsc04", agents=[odd])
