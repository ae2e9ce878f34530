"""An agent of one's own: keys in the scenario, a state that is saved, forked and hashed with the market."""
import pickle

import pairsabides as pab

MINUTE = 60 * 10**9
SCENARIO = """
preset: rmsc04
agents: {patient: {type: buyer, symbol: ABM, count: 2, slice: 25, period: 20s}}
"""


class Buyer(pab.Agent):
    """Buys a slice at the best ask once a period."""

    name = "buyer"
    params = {"slice": pab.Param(10, "shares", "Shares bought at a time", 1, 1e6),
              "period": pab.Param("30s", "ns", "Time between purchases", kind="duration")}
    state = {"bought": int, "asking": bool}

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
            if message.u.quote.ask > 0:
                self.limit_order("buy", self.given.slice, message.u.quote.ask)


def main():
    market = pab.Market(pab.Scenario(SCENARIO, agents=[Buyer]))
    opening = market.scenario.describe()["market_open"]
    market.reset(1)
    market.run(opening + 10 * MINUTE)
    others = [market.fork(), pickle.loads(pickle.dumps(market))]
    for each in (market, *others):
        each.run(opening + 20 * MINUTE)
    group = next(row for row in market.scenario.groups() if row["type"] == "buyer")
    for agent in range(group["first_id"], group["first_id"] + group["count"]):
        print(f"agent {agent} bought {market.agent_state(agent).bought} shares")
        assert market.agent_state(agent).bought == market.holding(agent) > 0
    assert {each.hash() for each in others} == {market.hash()}


if __name__ == "__main__":
    main()
