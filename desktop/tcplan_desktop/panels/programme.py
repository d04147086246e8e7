"""The programme panel: earlier runs, people, data and services; each is 0 until it is typed, and says so."""

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.report.numbers import figure, share
from tcplan_desktop.panels.outline import Outline, rest_of

_ELSEWHERE = ("programme.contingency", "programme.budget")


def _summary(estimate: Estimate) -> str:
    counted = []
    missing = []
    earlier = estimate.field("programme.experiments").value
    runs = estimate["money.experiments"].value
    if runs and estimate.field("programme.earlier_runs").value:
        counted.append(_("earlier runs {cost}").format(cost=figure(runs, "USD")))
    elif earlier:
        counted.append(_("earlier runs {share}").format(share=share(earlier)))
    else:
        missing.append(_("earlier runs"))
    for path, label in (
        ("money.staff", _("staff")),
        ("money.data", _("data")),
        ("money.labels", _("labels")),
        ("money.storage", _("storage")),
        ("money.evaluation", _("evaluation")),
        ("money.serving", _("serving")),
        ("money.taxes", _("taxes")),
    ):
        cost = estimate[path].value
        if cost:
            counted.append(f"{label} {figure(cost, 'USD')}")
        else:
            missing.append(label)
    if not counted:
        return _("Final run only · {missing} not counted").format(missing=", ".join(missing))
    if missing:
        counted.append(_("{missing} not counted").format(missing=", ".join(missing)))
    return " · ".join(counted)


PROGRAMME = Outline(
    "programme",
    N_("Programme"),
    rest_of(("programme",), without=_ELSEWHERE),
    (),
    ("programme",),
    _summary,
    wide=True,
)
