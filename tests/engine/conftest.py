from collections.abc import Callable
from typing import Any

import pytest
from tests.engine.plain import ACCOUNTS, BARE

KWH = 3.6e6
HOUR = 3600.0
YEAR = 31_557_600.0

Bill = Callable[..., dict[str, Any]]

_PLAN = {
    **BARE,
    "parameters": 70e9,
    "active_parameters": 70e9,
    "model_flop": 6e24,
    "achieved": 400e12,
    "hfu": 0.4,
    "tokens": 15e12,
    "devices": 1024.0,
    "devices_per_node": 8.0,
    "failure_time": 50_000 * HOUR,
    "checkpoint_bandwidth": 1e9,
    "restart_time": 600.0,
    "spot_interruptions": 0.05 / 86_400,
    "device_power": 700.0,
    "server_power": 1275.0,
    "idle_share": 0.3,
    "network_share": 0.05,
    "pue": 1.2,
    "carbon_location": 0.4 / KWH,
    "carbon_market": 0.45 / KWH,
    "contract_share": 0.0,
    "embodied_carbon": 1000.0,
    "hardware_life": 5 * YEAR,
    "wue": 1.8 / KWH,
    "grid_water": 3.0 / KWH,
    "electricity_price": 0.08 / KWH,
    "price": 2.0 / HOUR,
    "device_price": 30_000.0,
    "server_factor": 1.64,
    "interconnect_share": 0.18,
    "busy_share": 0.8,
    "interest": 0.04 / YEAR,
    "maintenance": 0.06 / YEAR,
    "experiments": 0.5,
    "people": 10.0,
    "work_time": YEAR,
    "pay": 300_000.0 / YEAR,
    "data_cost": 1e6,
    "labels": 1e5,
    "label_price": 0.7,
    "storage": 2e5,
    "contingency": 0.1,
    **dict.fromkeys(("researchers", "engineers", "annotators", "pay_rise", "pay_gap", "earlier_runs"), 0.0),
    **dict.fromkeys(("researcher_time", "engineer_time", "annotator_time", "archive_time"), YEAR),
    **dict.fromkeys(("researcher_pay", "engineer_pay", "annotator_pay"), 200_000.0 / YEAR),
    **dict.fromkeys(("cleaning_price", "synthetic_tokens", "synthetic_by", "synthetic_price"), 0.0),
    **dict.fromkeys(("ai_pairs", "evaluation_share", "evaluation_amount", "served_tokens"), 0.0),
    **dict.fromkeys(("archive_size", "archive_price", "sent_size", "sent_price"), 0.0),
    **dict.fromkeys(("tax_share", "tax_basis"), 0.0),
    "pair_tokens": 1700.0,
    "feedback_price": 3e-6,
    "serving_use": 0.1,
    "peak": 989e12,
    "multiply_add": 2.0,
    "scaling_law": 0.0,
    "practice": 0.0,
    "spares": 0.0,
    "repair_time": 0.0,
    **ACCOUNTS,
}

_PARTS = (
    *(
        "run_time",
        "device_time",
        "run_factor",
        "goodput",
        "overhead",
        "checkpoint_interval",
        "between_failures",
    ),
    *("productive_time", "practice_time", "checkpoints_time", "lost_time", "checkpoint_time"),
    *("mean_device_power", "device_energy", "server_energy", "network_energy", "cooling_energy"),
    *("it_energy", "facility_energy", "facility_power"),
    *("location_carbon", "market_carbon", "embodied_emissions", "total_carbon"),
    *("hourly_carbon", "least_embodied", "most_embodied", "upstream_emissions", "bought_offsets"),
    *("scope2_location", "scope2_market", "scope3", "scope3_market", "software_carbon_intensity"),
    *("idle_energy", "common_energy", "paused_time", "made_water", "cumulated_flop", "modification_share"),
    *("general_purpose_share", "metered_device_energy", "device_carbon"),
    *("site_water", "grid_water_use", "total_water"),
    *("compute_cost", "energy_cost", "experiment_cost", "staff_cost", "data_cost_total", "label_cost"),
    *("paid_device_time", "price_share", "contract_cost", "until_done", "break_even"),
    *("standing_rate", "rent_alternative", "own_alternative", "support_cost", "kept_cost", "egress_cost"),
    *("cloud_method", "upfront_method", "amortised_method", "network_cost"),
    *("evaluation_cost", "serving_cost", "tax_cost", "people_label_cost", "ai_label_cost"),
    *("labels_by_people", "labels_by_model", "researcher_cost", "engineer_cost", "annotator_cost"),
    *("people_cost", "cleaning_cost", "synthetic_cost", "archive_cost", "sent_cost", "bought_cost"),
    *("storage_cost", "contingency_cost", "total_cost", "token_cost", "predicted_loss", "threshold_share"),
)


@pytest.fixture
def bill() -> Bill:
    """Return a function: what a run costs, from its FLOP and its rate on, with some values changed."""

    from tcplan.chain.links import graph_for

    def solve(way: str = "on-demand", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        graph = graph_for(sparse=False, latent=False, way=way)
        return graph.solve({**_PLAN, **changes}, _PARTS)

    return solve
