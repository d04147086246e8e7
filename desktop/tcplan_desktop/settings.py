"""How the window looks on this computer; nothing here changes a number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tcplan.language import _

ThemeName = Literal["system", "light", "dark", "contrast"]


class Settings(BaseModel):
    """Preferences and the last arrangement of the window."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: ThemeName = "system"
    text_size: int = Field(default=100, ge=100, le=150)
    reduced_motion: bool = False
    geometry: tuple[int, int, int, int] | None = None
    maximized: bool = False
    columns: tuple[int, int, int] | None = None
    tab: int = Field(default=0, ge=0, le=9)
    why_open: bool = True
    closed_panels: tuple[str, ...] = ("money", "programme")

    def changed(self, **changes: object) -> Settings:
        """Return these settings with some others, checked like those of a file."""
        return Settings.model_validate({**self.model_dump(), **changes})


def settings_file() -> Path:
    """Return where the settings of this person live."""
    return Path(platformdirs.user_config_dir("tcplan", appauthor=False)) / "settings.json"


def load(path: Path | None = None) -> tuple[Settings, str]:
    """Return the settings and a sentence for the person, empty unless the file could not be read."""
    place = path or settings_file()
    try:
        return Settings.model_validate_json(place.read_bytes()), ""
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValidationError):
        return Settings(), _("The settings could not be read, so the window starts with its defaults.")


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings in one move; a folder that cannot be written is no reason to stop anybody."""
    place = path or settings_file()
    draft = place.with_suffix(".new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(settings.model_dump(mode="json"), indent=1, sort_keys=True)
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(place)
    except OSError:
        draft.unlink(missing_ok=True)
