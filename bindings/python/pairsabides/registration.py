"""Makes the environments known to gymnasium, where it is installed."""
ENV_ID: str = "pairsabides/PairExecution-v0"


def register() -> None:
    """`import pairsabides` does it. May be called again."""
    from gymnasium.envs import registration

    if ENV_ID not in registration.registry:
        registration.register(ENV_ID, entry_point="pairsabides.gym:PairExecutionEnv",
                              vector_entry_point="pairsabides.vector:PairExecutionVectorEnv")
