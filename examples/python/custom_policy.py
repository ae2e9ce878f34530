"""Your own policy, compared with built-in ones on the same episodes."""
import argparse

import pairsabides as pab

NAMES = pab.action_names()
WAIT, JOIN, TAKE = NAMES.index("HOLD"), NAMES.index("JOIN x1"), NAMES.index("TAKE x1")


class Patient:
    """Rests the leg that is ahead, and takes with the leg that is behind or when time is short."""

    def __call__(self, env):
        now = env.status()
        behind = 0 if now["hedge_error"] < 0 else 1
        late = now["step"] > 0.8 * now["steps"]
        left = now["parent"] - now["filled"] - now["live"]
        return tuple(WAIT if left[leg] <= 0 else TAKE if late or leg == behind else JOIN for leg in range(pab.LEGS))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--episodes", type=int, default=32)
    arguments.add_argument("--picture", help="PNG of one episode; needs matplotlib")
    given = arguments.parse_args()
    table = pab.evaluate({"twap": "twap:take", "sce": "sce", "mine": Patient()}, overrides={"pair.horizon": "2min"},
                         regimes=["calm"], episodes=given.episodes, threads=2)
    print(table.text(base="twap"))
    found = table.compare("twap", "pair_cost")["mine"]
    print(f"mine less twap: {found['mean']:.2f} bps, 95 % interval {found['low']:.2f} to {found['high']:.2f}")
    if given.picture:
        import matplotlib
        matplotlib.use("Agg")
        from pairsabides import plot
        axes = plot.episode(pab.PairEnv("pair"), pab.Policy(Patient()), pab.episode_seed())
        axes[0].figure.savefig(given.picture)


if __name__ == "__main__":
    main()
