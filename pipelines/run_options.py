"""What the workers of a run have to know of its settings, besides how files are read."""

from __future__ import annotations

from scmine.pipelines.llm_asking import Asking
from scmine.pipelines.settings import Settings, SettingsError
from scmine.validator.plausibility.papers import RetractionsError, load_papers


def whole_option(asking: Asking) -> dict[str, bool]:
    """What workers have to know of a language model: that the paper itself is wanted."""
    return {"whole": True} if asking.wants_papers else {}


def layers_option(settings: Settings) -> dict[str, bool]:
    """What workers have to know of layers; nothing where they are stored, as is usual."""
    return {} if settings.store_layers else {"store_layers": False}


def retractions_option(settings: Settings) -> dict[str, str]:
    """The user's list of retracted papers for the workers; it must be readable."""
    if settings.retractions is None:
        return {}
    try:
        load_papers(settings.retractions)
    except RetractionsError as error:
        raise SettingsError(f"retractions: {error}") from error
    return {"retractions": str(settings.retractions.resolve())}
