"""A market, an episode of the pair environment, and what policies cost.

pip install ./bindings/python; python quickstart.py
"""
import pairsabides as pab

MINUTE = 60 * 10**9


def main():
    market = pab.Market("rmsc04", {"agents.noise.count": 500})
    opening = market.scenario.describe()["market_open"]
    market.reset(seed=7)
    market.run(opening + 10 * MINUTE)
    (bid, bids), (ask, asks) = market.l1()
    print(f"after ten minutes: {bids} bid at {bid}, {asks} offered at {ask}, {market.symbol()['trades']} trades")

    calm, other = market.fork(), market.fork()  # two markets that continue from one instant
    for each in (calm, other):
        each.run(opening + 11 * MINUTE)
    assert calm.hash() == other.hash()

    env = pab.PairEnv("pair")
    policy = pab.Policy("sce")
    env.reset(pab.episode_seed("train", "calm", 1))
    policy.reset(env)
    while not env.status()["done"]:
        env.step(*policy.act(env))
    metrics = env.metrics()
    print(f"one episode of {policy.name}: IS {metrics['shortfall']:.2f} bps, TE {metrics['tracking_error']:.2f} %, "
          f"{metrics['fills']} fills")

    table = pab.evaluate(["twap:take", "twap:work", "sce"], overrides={"pair.horizon": "2min"}, regimes=["calm"],
                         episodes=16, threads=2)
    print(table.text(base="twap:take"))


if __name__ == "__main__":
    main()
