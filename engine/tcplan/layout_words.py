"""What a search for layouts says in words: why one wins, how another differs, what leaves the rest out."""

from math import isfinite

from tcplan.language import N_, _, plural
from tcplan.plan.plan import descriptions
from tcplan.report.numbers import MINUS, change, figure
from tcplan.study.layouts import PREDICTED, Found, Layout

PARTS = {
    "step_compute": N_("computing"),
    "step_communication": N_("exchange between devices"),
    "step_bubble": N_("pipeline bubble"),
    "step_host": N_("waiting for the host"),
    "beside_time": N_("other models"),
    "step_spread": N_("stragglers"),
}
"""Quantities that a step consists of, as they stand in a sentence."""
_DEGREES = {"tensor": "TP", "pipeline": "PP", "context": "CP", "expert": "EP", "data": "DP"}
_SAME = 0.005
"""Share of the step below which a difference is none."""
_WINS = {
    "time": N_("{layout} is the fastest of the {count} layouts that fit."),
    "money": N_("{layout} is the cheapest of the {count} layouts that fit."),
    "energy": N_("{layout} needs least energy of the {count} layouts that fit."),
}
_OBJECTIVES = {
    "time": N_("{share} slower"),
    "money": N_("{share} dearer"),
    "energy": N_("{share} worse"),
}


def choice_word(name: str, code: float) -> str:
    """Return what a choice of the layout is called, such as ZeRO-1 for sharding 1."""
    return _(descriptions()[f"layout.{name}"].choices[int(code)].label)


def choice_key(name: str, code: float) -> str:
    """Return the key of a choice of the layout, as the file and the command line have it."""
    return str(descriptions()[f"layout.{name}"].choices[int(code)].key)


def degrees_of(layout: Layout) -> str:
    """Return the degrees of a layout that are not one, such as `TP 8 · PP 12 · DP 104`."""
    values = {**layout.choice, "data": layout.values["data"]}
    parts = [
        f"{letters}\u00a0{values[name]:.0f}"
        for name, letters in _DEGREES.items()
        if isfinite(values[name]) and values[name] != 1.0
    ]
    return " · ".join(parts) or "DP\u00a01"


def choices_of(layout: Layout) -> str:
    """Return the rest of a layout, such as `b 1 · v 8 · recompute full · ZeRO-1`."""
    choice = layout.choice
    parts = [f"b\u00a0{choice['micro_batch']:.0f}"]
    if choice["interleave"] > 1.0:
        parts.append(f"v\u00a0{choice['interleave']:.0f}")
    if choice["recompute"] > 0.0:
        parts.append(_("recompute {kind}").format(kind=choice_word("recompute", choice["recompute"])))
    return " · ".join([*parts, choice_word("sharding", choice["sharding"])])


def waiting_share(layout: Layout) -> float:
    """Return the share of a step in which an average device does not compute [1]."""
    return 1.0 - layout.values["step_compute"] / layout.values[PREDICTED]


def differences(layout: Layout, reference: Layout) -> list[tuple[str, float]]:
    """Return the parts of a step in which two layouts differ, the largest first, and by how much [s]."""
    step = reference.values[PREDICTED]
    found = [(name, layout.values[name] - reference.values[name]) for name in PARTS]
    found = [(name, seconds) for name, seconds in found if abs(seconds) >= _SAME * step]
    return sorted(found, key=lambda one: -abs(one[1]))


def parts_in_words(layout: Layout, reference: Layout) -> str:
    """Return which parts of a step differ, such as `pipeline bubble +1.2 s, computing −0.3 s`."""
    words = []
    for name, seconds in differences(layout, reference)[:3]:
        sign = "+" if seconds > 0 else MINUS
        words.append(f"{_(PARTS[name])} {sign}{figure(abs(seconds), 's')}")
    return ", ".join(words)


def behind(found: Found, layout: Layout) -> str:
    """Return how far a layout is behind the best one, such as `3.4 % slower`; empty for one as good."""
    best = found.layouts[0].values[found.objective]
    value = layout.values[found.objective]
    relative = change(value, best)
    if not value > best or relative == "=":
        return ""
    return _(_OBJECTIVES[found.by]).format(share=relative.lstrip("+"))


def beside_best(found: Found, layout: Layout) -> str:
    """Return the sentence that sets one layout beside the best one."""
    best, away = found.layouts[0], behind(found, layout)
    parts = parts_in_words(layout, best)
    if not away:
        more = layout.values["memory_peak"] - best.values["memory_peak"]
        if layout is best or abs(more) < 0.01 * best.values["memory_peak"]:
            return _("As good as the best.")
        return _("As good as the best, with more memory.") if more > 0 else _("As good, with less memory.")
    if not parts:
        return _("{away} than the best.").format(away=away)
    return _("{away} than the best: {parts}.").format(away=away, parts=parts)


def verdict(found: Found) -> str:
    """Return which layout wins among how many."""
    words = _(_WINS[found.by]) if found.feasible > 1 else _("{layout} is the only layout that fits.")
    return words.format(layout=degrees_of(found.layouts[0]), count=str(figure(float(found.feasible), "1", 3)))


def against_plan(found: Found) -> str:
    """Return how the plan's own layout stands to the best one, and in which parts of a step."""
    best = found.layouts[0]
    if best.choice == found.current.choice:
        return _("The plan has this layout.")
    if found.obstacle:
        return _("The plan's layout is not in the list: {reason}").format(
            reason=_(found.sentences[found.obstacle])
        )
    away, parts = behind(found, found.current), parts_in_words(found.current, best)
    if not away:
        return _("The plan's layout is as good.")
    words = _("The plan's layout is {away}: {parts}.") if parts else _("The plan's layout is {away}.")
    return words.format(away=away, parts=parts)


def against_next(found: Found) -> str:
    """Return how the next layout stands to the best one; empty where all are as good."""
    best = found.layouts[0]
    after = next((one for one in found.layouts[1:] if behind(found, one)), None)
    if after is None:
        return ""
    away, parts = behind(found, after), parts_in_words(after, best)
    words = _("The next is {away}: {parts}.") if parts else _("The next is {away}.")
    return words.format(away=away, parts=parts)


def summary(found: Found) -> str:
    """Return how many layouts there are, fit, and are as good as the best."""
    examined, feasible = (str(figure(float(one), "1")) for one in (found.examined, found.feasible))
    words = plural(
        "{examined} layouts, {feasible} fits.", "{examined} layouts, {feasible} fit.", found.feasible
    )
    said = words.format(examined=examined, feasible=feasible)
    if found.near > 1:
        near = plural(
            "{count:.0f} of them is within 2\u202f% of the best.",
            "{count:.0f} of them are within 2\u202f% of the best.",
            found.near,
        )
        said = f"{said} {near.format(count=found.near)}"
    if found.measured:
        measured = _("Compared as predicted: what was measured with one layout says nothing of others.")
        said = f"{said} {measured}"
    return said


def left_out(found: Found) -> list[tuple[str, str, int]]:
    """Return what excludes layouts, most first: code, sentence and count."""
    return [(one.code, _(one.sentence), one.count) for one in found.excluded]


def none_fits(found: Found) -> str:
    """Return why there is no layout at all."""
    if isfinite(found.least):
        need, there = found.least / 2**30, found.limit / 2**30
        return _(
            "No layout fits: the smallest needs {need:.1f} GiB a device, {there:.1f} GiB can be used. "
            "Take more or larger devices."
        ).format(need=need, there=there)
    # Rules are asked one after the other, so the last one that left something out met what all others allow.
    left = {one.code for one in found.excluded}
    reason = [sentence for code, sentence in found.sentences.items() if code in left][-1]
    return _("There is no layout. {reason}").format(reason=_(reason))
