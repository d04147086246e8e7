"""Runs: published training runs with the outcomes that their authors report."""

from tcplan.catalogue.row import Row, Table

TABLE = Table(
    name="runs",
    columns=(
        "model",
        "year",
        "tokens",
        "sequence",
        "batch_tokens",
        "precision",
        "accelerator",
        "devices",
        "device_hours_h",
        "days_d",
        "mfu",
        "compute_flop",
        "energy_mwh",
        "location_tco2e",
        "market_tco2e",
        "pue",
        "carbon_g_per_kwh",
        "cost_usd",
        "country",
        "stage",
        "samples",
        "epochs",
        "water_l",
        "cost_kind",
        "repeatable",
    ),
    words=frozenset(("model", "precision", "accelerator", "country", "stage", "cost_kind", "repeatable")),
    required=frozenset(("year", "stage", "repeatable")),
    searched=("model", "accelerator"),
)


def is_repeatable(row: Row) -> bool:
    """Return whether a plan can repeat a run: one pre-training with published model, data and devices.

    A run of several stages, or one whose data count samples, would be repeated as another run; its `notes`
    say why it is not.
    """
    return row.get("repeatable") != "no"
