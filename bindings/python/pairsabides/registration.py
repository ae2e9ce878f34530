"""Makes the environments known to gymnasium, where it is installed."""
ENV_ID = "pairsabides/PairExecution-v0"


def register() -> None:
    """May be called again. `import pairsabides` does it, and older releases of gymnasium by the entry point."""
    from gymnasium.envs import registration

    if ENV_ID not in registration.registry:
        registration.register(ENV_ID, entry_point="pairsabides.gym:PairExecutionEnv",
                              vector_entry_point="pairsabides.vector:PairExecutionVectorEnv")
