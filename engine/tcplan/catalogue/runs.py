"""Runs: published training runs with the outcomes that their authors report."""

from tcplan.catalogue.row import Table

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
    ),
    words=frozenset(("model", "precision", "accelerator", "country")),
    required=frozenset(("model", "year", "tokens")),
    searched=("model", "accelerator"),
)
