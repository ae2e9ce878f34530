"""The pair environment as the library has it: no gymnasium needed."""
from __future__ import annotations

import ctypes as C
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _abi as abi
from ._core import Error, Handle, as_dict, bytes_of, check, defaults, lib, plain, pointer, sized, whole
from .market import MarketView, Side, side_number
from .scenario import Scenario, Source, scenario_of

LEGS: int = abi.PAB_ENV_LEGS
LEG_ACTIONS: int = abi.PAB_ENV_LEG_ACTIONS
JOINT_ACTIONS: int = abi.PAB_ENV_JOINT_ACTIONS
OBSERVATIONS: int = abi.PAB_ENV_OBSERVATIONS
FILL: np.dtype[Any] = np.dtype(abi.pab_fill)
SPLITS: dict[str, int] = {"train": abi.PAB_SPLIT_TRAIN, "validation": abi.PAB_SPLIT_VALIDATION,
                          "test": abi.PAB_SPLIT_TEST}
REGIMES: list[str] = [plain(lib.pab_regime_name(i)) for i in range(abi.PAB_REGIME_COUNT)]
EXTRA_TERMS: dict[str, int] = {
    "none": abi.PAB_X_NONE, "adverse_selection": abi.PAB_X_ADVERSE_SELECTION, "band": abi.PAB_X_BAND,
    "spread_capture": abi.PAB_X_SPREAD_CAPTURE, "exposure": abi.PAB_X_EXPOSURE}


Split = Literal["train", "validation", "test"] | int
"""Which episodes, by word or by the library's number."""
Regime = Literal["calm", "volatile", "thin", "crumbling", "megashock"] | int
"""A regime, by word or by the library's number."""
Extra = Literal["none", "adverse_selection", "band", "spread_capture", "exposure"] | int
"""The extra term of a reward, by word or by the library's number."""


def _lookup(table: Mapping[str, int], word: str | int, what: str) -> int:
    if isinstance(word, int):
        return word
    if word not in table:
        raise Error(abi.PAB_E_KEY, f"there is no {what} {word}, expected one of {', '.join(table)}")
    return table[word]


def regime_number(regime: Regime) -> int:
    """The library's number of a regime."""
    return _lookup({name: i for i, name in enumerate(REGIMES)}, regime, "regime")


def split_number(split: Split) -> int:
    """The library's number of a split."""
    return _lookup(SPLITS, split, "split")


def episode_seed(split: Split = "train", regime: Regime = "calm", index: int = 0) -> int:
    """The seed that names one episode: of a split, of a regime, by number (below 2**48)."""
    seed = int(lib.pab_seed(split_number(split), regime_number(regime), index))
    if seed == 2**64 - 1:
        check(abi.PAB_E_RANGE)
    return seed


def action_names() -> list[str]:
    """What the actions of a leg are called, by number."""
    return [plain(lib.pab_action_name(i)) for i in range(LEG_ACTIONS)]


def features() -> list[dict[str, Any]]:
    """The observation's features: name, unit, bounds and what each is."""
    rows = []
    for index in range(OBSERVATIONS):
        info = sized(abi.pab_feature_info)
        check(lib.pab_feature_get(index, C.byref(info)))
        rows.append(as_dict(info))
    return rows


def reset_options(side: Side | None = None, quantity: int = 0, regime: Regime | None = None,
                  shield: bool = True, weights: Mapping[str, float] | None = None, extra: Extra = "none") -> Any:
    """Options of an episode.

    side: "buy" or "sell" for leg A; quantity: parent shares of leg A; shield: whether the hedge band is enforced;
    weights: of `shortfall`, `hedge`, `risk`, `terminal`, `extra` in the reward; extra: which extra term.
    What is left out is as the scenario and the seed say.
    """
    options = defaults(abi.pab_reset_options)
    if side is not None:
        options.side_a = side_number(side)
    options.quantity_a = quantity
    if regime is not None:
        options.regime = regime_number(regime)
    options.shield = int(shield)
    options.weights.adverse = _lookup(EXTRA_TERMS, extra, "extra term")
    for name, value in (weights or {}).items():
        if name not in ("shortfall", "hedge", "risk", "terminal", "extra"):
            raise Error(abi.PAB_E_KEY, f"there is no weight {name}, expected shortfall, hedge, risk, terminal, extra")
        setattr(options.weights, name, value)
    return options


class EnvView:
    """An environment for reading: what a policy is shown. Lent for the call in a policy's callable."""

    def __init__(self, handle: Callable[[], int]) -> None:
        self._get = handle

    def observe(self, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """The current observation, into `out` if given (float32, contiguous)."""
        obs: NDArray[np.float32] = np.empty(OBSERVATIONS, np.float32) if out is None else _observation(out)
        check(lib.pab_env_observe(self._get(), obs.ctypes.data, OBSERVATIONS))
        return obs

    def legal(self, out: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
        """[leg, action] is 1 where legal now."""
        mask = np.empty((LEGS, LEG_ACTIONS), np.uint8)
        if out is not None:
            mask = _fit(out, np.uint8, (LEGS, LEG_ACTIONS), "a mask")
        check(lib.pab_env_legal(self._get(), mask.ctypes.data))
        return mask

    def status(self) -> dict[str, Any]:
        """What is being executed, and how far it is."""
        status = sized(abi.pab_env_status)
        check(lib.pab_env_describe(self._get(), C.byref(status)))
        return as_dict(status)

    def fills(self) -> NDArray[Any]:
        """Fills of the episode: a structured array, in order of arrival."""
        out = np.zeros(lib.pab_env_fills(self._get(), None, 0), FILL)
        lib.pab_env_fills(self._get(), pointer(out, abi.pab_fill), len(out))
        return out

    def metrics(self) -> dict[str, Any]:
        """Metrics of the finished episode."""
        metrics = sized(abi.pab_episode_metrics)
        check(lib.pab_env_metrics(self._get(), C.byref(metrics)))
        return as_dict(metrics)

    def hash(self) -> int:
        """Equal states have equal hashes."""
        out = C.c_uint64()
        check(lib.pab_env_hash(self._get(), C.byref(out)))
        return out.value

    def save(self) -> bytes:
        """The whole state, in the middle of an episode too."""
        return bytes_of(lambda buf, cap, needed: lib.pab_env_save(self._get(), buf, cap, needed))


def _fit(out: Any, kind: type[np.generic], shape: tuple[int, ...], what: str) -> Any:
    """An array of the caller's that the library may write to."""
    if not isinstance(out, np.ndarray) or out.dtype != kind or out.shape != shape or not out.flags.carray:
        raise Error(abi.PAB_E_ARGUMENT, f"{what} goes into a contiguous, writable array of {np.dtype(kind)}, "
                                        f"shape {shape}")
    return out


def _observation(out: Any) -> Any:
    return _fit(out, np.float32, (OBSERVATIONS,), "an observation")


class PairEnv(Handle, EnvView):
    """An environment of its own.

    `observation` and `mask` are the buffers that reset and step write to: views, not copies. Picklable with its state.
    """

    _free = "pab_env_free"

    def __init__(self, scenario: Source = "pair",
                 overrides: Mapping[str, object] | None = None) -> None:
        self.scenario: Scenario = scenario_of(scenario, overrides)
        """What is played."""
        Handle.__init__(self, lambda out: lib.pab_env_new(self.scenario.handle, out))
        mine = weakref.ref(self)
        EnvView.__init__(self, lambda: mine().handle)  # type: ignore[union-attr]
        self.observation: NDArray[np.float32] = np.zeros(OBSERVATIONS, np.float32)
        """The last observation: the buffer that reset and step write to."""
        self.mask: NDArray[np.uint8] = np.zeros((LEGS, LEG_ACTIONS), np.uint8)
        """[leg, action] is 1 where legal: the buffer that reset and step write to."""
        self.result: Any = defaults(abi.pab_step_result)
        """The last step's result."""
        self._action = np.zeros(LEGS, np.int32)
        self._ready = False

    def reset(self, seed: int, options: Any = None) -> NDArray[np.float32]:
        """Starts the episode of this seed (see episode_seed); `options` as reset_options makes them."""
        given = None if options is None else C.byref(options)
        _observation(self.observation)
        self.scenario.check(lib.pab_env_reset(self.handle, seed, given, self.observation.ctypes.data, OBSERVATIONS))
        self._ready = True
        self.legal(self.mask)
        return self.observation

    def step(self, action: Sequence[int] | NDArray[Any], quantity: Sequence[int] | None = None) -> Any:
        """One decision: an action per leg and, where `quantity` is positive, exactly so many shares.

        Returns the step's result, a record that the next step overwrites.
        """
        if not hasattr(action, "__len__") or len(action) != LEGS or quantity is not None and len(quantity) != LEGS:
            raise Error(abi.PAB_E_ARGUMENT, f"a decision has an action for each of {LEGS} legs, not {action!r}")
        np.copyto(self._action, whole(action, np.int32))
        if quantity is None:
            status = lib.pab_env_step(self.handle, self._action.ctypes.data, self.observation.ctypes.data,
                                      OBSERVATIONS, C.byref(self.result))
        else:
            decision = abi.pab_decision((C.c_int32 * LEGS)(*self._action),
                                        abi.array(C.c_int64, quantity, "an exact quantity"))
            status = lib.pab_env_step_exact(self.handle, C.byref(decision), self.observation.ctypes.data,
                                            OBSERVATIONS, C.byref(self.result))
        self.scenario.check(status)
        self.legal(self.mask)
        return self.result

    @property
    def market(self) -> MarketView:
        """The market below, for reading."""
        return MarketView(lambda: int(lib.pab_env_market(self.handle)), self.scenario)

    def restore(self, state: bytes) -> None:
        """Takes over a state that `save` of an environment of the same scenario made."""
        check(lib.pab_env_restore(self.handle, bytes(state), len(state)))
        self._refresh()

    def copy_from(self, other: EnvView) -> None:
        """Becomes equal to an environment of the same scenario."""
        check(lib.pab_env_copy(self.handle, other._get()))
        self._refresh()

    def fork(self, number: int | None = None) -> PairEnv:
        """A copy in the same state. With a number it gets its own future: see `reseed`."""
        twin = PairEnv(self.scenario)
        twin.copy_from(self)
        C.memmove(C.byref(twin.result), C.byref(self.result), C.sizeof(self.result))
        if number is not None:
            twin.reseed(number)
        return twin

    def reseed(self, number: int) -> None:
        """All randomness depends on `number` too from now on; forks with one number share it."""
        check(lib.pab_env_reseed(self.handle, number))

    def _says(self) -> str:
        if not self._ready:
            return f"of {', '.join(self.scenario.symbols)} before reset"
        now = self.status()
        return f"of {', '.join(self.scenario.symbols)}, decision {now['step']} of {now['steps']}, seed {now['seed']}"

    def _refresh(self) -> None:
        self._ready = True
        self.observe(self.observation)
        self.legal(self.mask)

    def __reduce__(self) -> tuple[Any, ...]:
        return _env, (self.scenario, self.save() if self._ready else None, bytes(self.result))


def _env(scenario: Scenario, state: bytes | None, result: bytes) -> PairEnv:
    env = PairEnv(scenario)
    if state is not None:
        env.restore(state)
    C.memmove(C.byref(env.result), result, len(result))
    return env
