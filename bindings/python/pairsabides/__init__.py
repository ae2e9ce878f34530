"""ABIDES markets, event for event, and a two-asset execution environment.

`pairsabides.gym` and `pairsabides.vector` are for gymnasium, `pairsabides.pettingzoo` for PettingZoo; what is here
needs numpy only.
"""
from ._core import (CancelledError, DataError, Error, FileError, LimitError, OutOfMemoryError, OutOfRangeError,
                    StateError, UnknownNameError, UnsupportedError, UsageError, WrongTypeError, lib, plain)
from .agent import Agent, Param
from .book import OrderBook
from .env import (JOINT_ACTIONS, LEG_ACTIONS, LEGS, OBSERVATIONS, REGIMES, EnvView, PairEnv, action_names,
                  episode_seed, features, reset_options)
from .evaluation import Evaluation, evaluate, impact, measures, tune
from .learn import EXPERTS, LOSSES, Ensemble, Mixture, Preferences, QTable, frame, read_log
from .market import Market, MarketView
from .pipeline import Pipeline
from .policy import Policy, builtin_policies, policy_options
from .scenario import Config, Scenario, presets, schema
from .stage0 import Tape

try:
    from .registration import register
    register()
except ImportError:  # without gymnasium
    pass

__version__: str = plain(lib.pab_version())

__all__ = [
    "EXPERTS", "JOINT_ACTIONS", "LEGS", "LEG_ACTIONS", "LOSSES", "OBSERVATIONS", "REGIMES", "Agent", "CancelledError",
    "Config", "DataError", "Ensemble", "EnvView", "Error", "Evaluation", "FileError", "LimitError", "Market",
    "MarketView", "Mixture", "OrderBook", "OutOfMemoryError", "OutOfRangeError", "PairEnv", "Param", "Pipeline",
    "Policy", "Preferences", "QTable", "Scenario", "StateError", "Tape", "UnknownNameError", "UnsupportedError",
    "UsageError", "WrongTypeError", "action_names", "builtin_policies",
    "episode_seed", "evaluate", "features", "frame", "impact", "measures", "policy_options", "presets", "read_log",
    "reset_options", "schema", "tune",
]
