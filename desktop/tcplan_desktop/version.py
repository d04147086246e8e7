"""What the program says about itself."""

from __future__ import annotations

from tcplan.catalogue import sources
from tcplan.catalogue.shelf import edition
from tcplan.language import _
from tcplan.version import VERSION


def about() -> tuple[str, str]:
    """Return the sentence and the details of the About box."""
    sentence = _("TCPlan {version}").format(version=VERSION)
    details = (
        _("What it costs to train an AI model: money, time, energy, carbon and water, with the reasons."),
        _("Catalogue edition {edition}. Works offline; nothing leaves this computer.").format(
            edition=edition()
        ),
        _("Figures: {sources}. The licences stand on the sheets and in the table of sources.").format(
            sources="; ".join(credit.name for credit in sources.CREDITS)
        ),
        _("MIT licence. Type: Inter (OFL 1.1). Icons: Lucide (ISC). Made with Qt for Python (LGPL 3)."),
    )
    return sentence, "\n".join(details)
