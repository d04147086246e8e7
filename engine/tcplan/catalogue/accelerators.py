"""Accelerators: dense peak rates, memory, links, power, embodied carbon and purchase price of one device."""

from tcplan.catalogue.row import Row, Table

TABLE = Table(
    name="accelerators",
    columns=(
        "vendor",
        "generation",
        "year",
        "fp32_tflops",
        "tf32_tflops",
        "fp16_tflops",
        "bf16_tflops",
        "fp8_tflops",
        "fp4_tflops",
        "memory_gib",
        "memory_bandwidth_gb_per_s",
        "scale_up_domain",
        "scale_up_bandwidth_gb_per_s",
        "nic_bandwidth_gb_per_s",
        "devices_per_node",
        "device_power_w",
        "server_power_w",
        "embodied_kgco2e",
        "server_embodied_kgco2e",
        "embodied_carbon_source",
        "device_price_usd",
        "device_price_source",
        "device_price_date",
        "int8_tops",
        "die_mm2",
        "process_nm",
        "embodied_low_kgco2e",
        "embodied_high_kgco2e",
        "embodied_range_source",
    ),
    words=frozenset(
        (
            *("vendor", "generation", "embodied_carbon_source", "device_price_source"),
            *("device_price_date", "embodied_range_source"),
        )
    ),
    required=frozenset(("vendor", "generation", "year", "memory_gib", "device_power_w")),
    searched=("vendor", "generation"),
)

_SCALES = {
    "memory": ("memory_gib", 2.0**30),
    "memory_bandwidth": ("memory_bandwidth_gb_per_s", 1e9),
    "scale_up_domain": ("scale_up_domain", 1.0),
    "scale_up_bandwidth": ("scale_up_bandwidth_gb_per_s", 1e9),
    "nic_bandwidth": ("nic_bandwidth_gb_per_s", 1e9),
    "devices_per_node": ("devices_per_node", 1.0),
    "device_power": ("device_power_w", 1.0),
    "server_power": ("server_power_w", 1.0),
    "device_price": ("device_price_usd", 1.0),
}


_COLUMNS = {"mxfp8": "fp8_tflops", "nvfp4": "fp4_tflops"}
"""Columns of precisions that share the matrix units of another one."""


def peak(row: Row, precision: str) -> float | None:
    """Return the dense peak in a precision in TFLOP/s, None where the device has none."""
    return row.number(_COLUMNS.get(precision, f"{precision}_tflops"))


def inputs(row: Row, precision: str) -> dict[str, float]:
    """Return the hardware figures in coherent units by field name; what is not known is absent.

    Embodied carbon of a device includes its share of the server where that is known.
    """
    values = {}
    rate = peak(row, precision)
    if rate is not None:
        values["peak"] = rate * 1e12
    for name, (column, scale) in _SCALES.items():
        figure = row.number(column)
        if figure is not None:
            values[name] = figure * scale
    embodied = row.number("embodied_kgco2e")
    if embodied is not None:
        values["embodied_carbon"] = embodied + (row.number("server_embodied_kgco2e") or 0.0)
    between = embodied_range(row)
    if between is not None:
        values["embodied_low"], values["embodied_high"] = between
    return values


def embodied_range(row: Row) -> tuple[float, float] | None:
    """Return the least and the most that sources give for making a device [kgCO2e], None where they agree.

    Both include the device's share of the server, as the embodied carbon of `inputs` does.
    """
    low, high = row.number("embodied_low_kgco2e"), row.number("embodied_high_kgco2e")
    if low is None or high is None:
        return None
    server = row.number("server_embodied_kgco2e") or 0.0
    return low + server, high + server
