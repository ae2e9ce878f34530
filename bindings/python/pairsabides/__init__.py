"""ABIDES markets, event for event, and a two-asset execution environment.

`pairsabides.gym` and `pairsabides.vector` are for gymnasium, `pairsabides.pettingzoo` for PettingZoo; what is here
needs numpy only.
"""
from ._core import Error, lib, plain
from .agent import Agent, Param
from .book import OrderBook
from .env import (JOINT_ACTIONS, LEG_ACTIONS, LEGS, OBSERVATIONS, REGIMES, EnvView, PairEnv, action_names,
                  episode_seed, features, reset_options)
from .evaluation import Evaluation, evaluate, measures
from .market import Market, MarketView
from .policy import Policy, builtin_policies, policy_options
from .scenario import Config, Scenario, presets, schema

try:
    from .registration import register
    register()
except ImportError:  # without gymnasium
    pass

__version__: str = plain(lib.pab_version())

__all__ = [
    "JOINT_ACTIONS", "LEGS", "LEG_ACTIONS", "OBSERVATIONS", "REGIMES", "Agent", "Config", "EnvView", "Error",
    "Evaluation", "Market", "MarketView", "OrderBook", "PairEnv", "Param", "Policy", "Scenario", "action_names", "builtin_policies", "episode_seed",
    "evaluate", "features", "measures", "policy_options", "presets", "reset_options", "schema",
]
