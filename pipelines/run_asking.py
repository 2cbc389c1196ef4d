"""What a run does about its language model, loaded only where there is one."""

from __future__ import annotations

from scmine.pipelines.llm_asking import Asking, NoAsking
from scmine.pipelines.settings import Settings, SettingsError


def asking_of(settings: Settings, *, estimate: bool, debug: bool) -> Asking:
    """Who asks the language model of the settings, or nobody.

    Raises
    ------
    SettingsError
        An estimate is wanted, and no model named.
    """
    if settings.llm is None:
        if estimate:
            raise SettingsError("no language model is named to estimate for; name one: --llm MODEL")
        return NoAsking()
    if estimate:
        from scmine.pipelines.llm_estimate import LlmEstimating

        return LlmEstimating(settings)
    from scmine.pipelines.llm_run import LlmRun

    return LlmRun(settings, debug=debug)
