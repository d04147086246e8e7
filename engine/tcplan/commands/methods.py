"""`tcplan methods`: the three costs that Epoch AI published, computed again, each input shown."""

import argparse
import json
import sys
from collections.abc import Mapping

from tcplan.chain import published_methods
from tcplan.chain.quantity import quantities
from tcplan.commands.refused import InputError
from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan.validation.published_costs import METHODS, SOURCE, PublishedCost, published_costs


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    one.add_argument("run_key", metavar="RUN", nargs="?", help=_("one run with its inputs; by default all"))
    one.add_argument("--json", action="store_true", help=_("for programs"))
    one.set_defaults(run=run)


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Print the published and the computed costs; return the exit code."""
    costs = _chosen(options.run_key)
    if options.json:
        tree = {"format": 1, "source": SOURCE, "runs": [record(one) for one in costs]}
        sys.stdout.write(json.dumps(tree, indent=2, ensure_ascii=False) + "\n")
        return 0
    for one in costs:
        sys.stdout.write("\n".join(_lines(one, with_inputs=options.run_key is not None)) + "\n\n")
    sys.stdout.write(_("Dollars of December 2024. Source: {source}").format(source=SOURCE) + "\n")
    return 0


def _chosen(key: str | None) -> tuple[PublishedCost, ...]:
    costs = published_costs()
    if key is None:
        return costs
    found = tuple(one for one in costs if one.key == key)
    if not found:
        sentence = _("no published cost is called {key}; there are {known}").format(
            key=key, known=", ".join(one.key for one in costs)
        )
        raise InputError(sentence)
    return found


def record(one: PublishedCost) -> dict[str, object]:
    """Return a run as plain data."""
    return {
        "key": one.key,
        "name": one.name,
        "inputs": [
            {"label": each.label, "value": each.value, "unit": each.unit, "source": each.source}
            for each in one.inputs
        ],
        "methods": {
            each.name: {"published": each.published, "computed": each.computed, "error": each.error}
            for each in one.methods
        },
        "not_public": one.not_public,
    }


def _lines(one: PublishedCost, *, with_inputs: bool) -> list[str]:
    labels = {each.name: each.label for each in quantities(published_methods) if each.name in METHODS}
    lines = [one.name]
    for each in one.methods:
        published, computed = figure(each.published, "USD", 3), figure(each.computed, "USD", 3)
        sentence = _("  {method}: {computed}, published {published} ({error:+.1f} %)")
        lines.append(
            sentence.format(
                method=_(labels[each.name]),
                computed=f"{computed.text} {computed.unit}",
                published=f"{published.text} {published.unit}",
                error=round(100.0 * each.error, 1) + 0.0,
            )
        )
    lines.append(_("  Not public: {inputs}.").format(inputs=one.not_public))
    if with_inputs:
        for given in one.inputs:
            value = given.value if isinstance(given.value, str) else f"{given.value:,.10g}"
            lines.append(f"  {_(given.label)} {value} {given.unit}".rstrip() + f"  [{_(given.source)}]")
    return lines
