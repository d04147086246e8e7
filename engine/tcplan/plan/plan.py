"""The panels together: what a person typed or chose, nothing else."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tcplan.language import _
from tcplan.plan.failures import Failures
from tcplan.plan.field import Shown, fields_of
from tcplan.plan.hardware import Hardware
from tcplan.plan.layout import Layout
from tcplan.plan.model import Model
from tcplan.plan.phases import Training
from tcplan.plan.programme import Programme
from tcplan.plan.purchase import Purchase
from tcplan.plan.site import Site
from tcplan.plan.value import Number, Range, numbers

LARGEST = 1e30
"""Largest typed result, in coherent units; beyond it products of results overflow."""


def _bounded(value: Number) -> Number:
    if any(not 0.0 <= number <= LARGEST for number in numbers(value)):
        message = _("a typed result must be 0 or more, and no larger than can be computed with")
        raise ValueError(message)
    return value


Overrides = dict[
    Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_0-9]+$")], Annotated[Number, AfterValidator(_bounded)]
]
Value = float | Number | str | None


class PlanError(ValueError):
    """A value that a plan cannot hold, with the address and a sentence for the person who typed it."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path = path
        self.sentence = sentence


class Plan(BaseModel):
    """A frozen plan; `overrides` holds quantities that the person knows better than the chain, by path."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    model: Model = Model()
    training: Training = Training()
    hardware: Hardware = Hardware()
    layout: Layout = Layout()
    failures: Failures = Failures()
    site: Site = Site()
    purchase: Purchase = Purchase()
    programme: Programme = Programme()
    overrides: Overrides = {}

    def get(self, path: str) -> Value:
        """Return what was typed at a path, None when nothing was.

        Raises
        ------
        PlanError
            When there is no such field.
        """
        if path not in descriptions():
            return self.overrides.get(path)
        panel, _dot, name = path.partition(".")
        value: Value = getattr(getattr(self, panel), name)
        return value

    def with_value(self, path: str, value: Value) -> "Plan":
        """Return a plan with one value set, or taken back when it is None; only its panel is validated.

        Raises
        ------
        PlanError
            When the value is outside of what the field allows.
        """
        panel, _dot, name = path.partition(".")
        if path not in descriptions():
            return self._with_override(path, value)
        old = getattr(self, panel)
        typed = {key: getattr(old, key) for key in type(old).model_fields if getattr(old, key) is not None}
        typed.pop(name, None)
        if value is not None:
            typed[name] = _held(value)
        try:
            new = type(old)(**typed)
        except ValidationError as error:
            raise PlanError(path, sentence_of(error)) from error
        except UnicodeEncodeError as error:
            raise PlanError(path, _("a text holds half a letter")) from error
        return self._with(panel, new)

    def with_values(self, changes: Mapping[str, Value]) -> "Plan":
        """Return a plan with several values set or taken back; each panel is validated once.

        Raises
        ------
        PlanError
            When a field does not allow its value.
        """
        panels: dict[str, dict[str, Value]] = {}
        overrides: dict[str, Value] = {}
        for path, value in changes.items():
            panel, _dot, name = path.partition(".")
            if path in descriptions():
                panels.setdefault(panel, {})[name] = _held(value)
            else:
                overrides[path] = value
        plan = self
        for panel, values in panels.items():
            old = getattr(self, panel)
            typed: dict[str, Value] = {name: getattr(old, name) for name in old.model_fields_set}
            typed |= values
            try:
                new = type(old)(**{key: one for key, one in typed.items() if one is not None})
            except (ValidationError, UnicodeEncodeError):
                # One after the other, so that the refusal names the field.
                for name, value in values.items():
                    plan = plan.with_value(f"{panel}.{name}", value)
            else:
                plan = plan._with(panel, new)
        for path, value in overrides.items():
            plan = plan.with_value(path, value)
        return plan

    def set(self, path: str, value: Value) -> "Plan":
        """Return a plan with one value set; the name that notebooks use for `with_value`."""
        return self.with_value(path, value)

    def _with_override(self, path: str, value: Value) -> "Plan":
        overrides = {key: old for key, old in self.overrides.items() if key != path}
        if value is not None:
            overrides[path] = float(value) if isinstance(value, int) else value  # type: ignore[assignment]
        try:
            return self._with("overrides", dict(sorted(overrides.items())))
        except ValidationError as error:
            raise PlanError(path, sentence_of(error)) from error

    def _with(self, name: str, new: object) -> "Plan":
        parts = {key: getattr(self, key) for key in type(self).model_fields}
        return Plan(**(parts | {name: new}))

    def typed(self) -> Mapping[str, Value]:
        """Return every value that was typed, by path, in the order of the forms, overrides last."""
        return self.typed_fields() | dict(self.overrides)

    def typed_fields(self) -> dict[str, Value]:
        """Return the fields that were typed, by path, in the order of the forms."""
        found: dict[str, Value] = {}
        for panel in PANELS:
            part = getattr(self, panel)
            typed = part.model_fields_set
            for name in type(part).model_fields if typed else ():
                value = getattr(part, name) if name in typed else None
                if value is not None:
                    found[f"{panel}.{name}"] = value
        return found

    def fingerprint(self) -> str:
        """Return a short name of the plan's content, the same on each system."""
        text = self.model_dump_json(exclude_none=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return f"{digest[:4]}-{digest[4:8]}"


PANELS: tuple[str, ...] = tuple(name for name in Plan.model_fields if name != "overrides")


@cache
def descriptions() -> dict[str, Shown]:
    """Return the description of every field by its dotted path, in the order of the forms."""
    return {
        f"{panel}.{name}": shown
        for panel in PANELS
        for name, shown in fields_of(type(getattr(Plan(), panel)))
    }


def nearest(path: str, known: Iterator[str] | list[str]) -> str:
    """Return the sentence for an unknown path, with the nearest known one."""
    close = difflib.get_close_matches(path, list(known), n=1)
    sentence = _("there is no field or result of this name")
    return sentence + (_("; did you mean {close}?").format(close=close[0]) if close else "")


def _held(value: Value) -> Value:
    """Return a value as fields hold it: a whole number is a number like any other."""
    return value if value is None or isinstance(value, str | Range | tuple) else float(value)


def sentence_of(error: ValidationError) -> str:
    """Return the first reason of a validation error in one sentence."""
    details: dict[str, Any] = dict(error.errors(include_url=False)[0])
    return str(details["msg"]).removeprefix("Value error, ")
