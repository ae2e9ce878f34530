"""The stages of learning, one after the other: tables, ensemble, preferences, mixture. The budget here is tiny; 1 is
the documented amount. `pab.Pipeline.run` does all of it in one call and can resume an interrupted run."""
import argparse

import pairsabides as pab


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--budget", type=float, default=0.02)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--horizon", default="1min")
    given = arguments.parse_args()
    scenario = pab.Scenario("pair", {"pair.warmup": "30s", "pair.horizon": given.horizon})
    how = {"budget": given.budget, "threads": given.threads, "progress": True}

    experts = {name: pab.QTable.train(scenario, name, **how) for name in pab.EXPERTS}
    for name, table in experts.items():
        pair = table.describe()["pair"]
        print(f"{name}: pair table {pair['mode']}, gain {pair['gain']:.3f} +- {pair['gain_error']:.3f} bps")
    ensemble = pab.Ensemble.train(scenario, experts, front=0, **how)
    reference = pab.Mixture.distil(scenario, ensemble, **how)
    preferences = pab.Preferences.generate(scenario, ensemble, extra=[reference.policy(sample=True)], **how)
    print(f"{preferences.describe()['pairs']} ranked pairs from {preferences.describe()['starts']} states")
    tuned, accepted = reference.tune(scenario, preferences, "mix", ensemble=ensemble, **how)
    print("tuned mixture " + ("accepted" if accepted else "not accepted, the reference stays"))

    table = pab.evaluate({"twap": "twap:take", "best rule": "sce", "ensemble": ensemble.policy(),
                          "mixture": tuned.policy()}, scenario, episodes=max(8, round(1000 * given.budget)),
                         regimes=["calm"], first=100_000, threads=given.threads)
    print(table.text(base="twap"))


if __name__ == "__main__":
    main()
