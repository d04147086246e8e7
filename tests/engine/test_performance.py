import pytest

from tcplan.catalogue import performance
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.chain.inputs import INPUTS

PRECISIONS = ("bf16", "fp16", "fp8")
NEEDED = {str(row.get("coefficient")) for row in shipped().rows("performance")} | {"wide_efficiency"}


def value(accelerator: str, precision: str, name: str) -> float | str | None:
    row = shipped().find("accelerators", accelerator)
    return performance.coefficients(shipped(), row, precision)[name].get("value")


@pytest.mark.parametrize(
    "row", [None, *shipped().rows("accelerators")], ids=lambda row: row.key if row else "none"
)
def test_every_accelerator_has_every_coefficient(row: Row | None) -> None:
    # Catches: a generation that no row knows, so that an estimate has no number.
    for precision in PRECISIONS:
        found = performance.coefficients(shipped(), row, precision)
        assert set(found) == NEEDED
        assert all(one.source and one.date for one in found.values())


def test_coefficients_are_inputs_of_the_chain_in_their_units() -> None:
    for row in shipped().rows("performance"):
        one = INPUTS[str(row.get("coefficient"))]
        assert (one.unit, one.label) == (row.get("unit"), row.name)


def test_the_nearest_row_wins() -> None:
    # Catches: an export model, a sub-generation or a precision that falls back to any although a row fits.
    assert value("h800-sxm", "fp8", "gemm_efficiency") == value("h100-sxm", "fp8", "gemm_efficiency")
    assert value("h100-sxm", "fp8", "gemm_efficiency") != value("h100-sxm", "bf16", "gemm_efficiency")
    assert value("tpu-v5p", "bf16", "gemm_efficiency") != value("tpu-v4", "bf16", "gemm_efficiency")
    assert value("tpu-v5p", "bf16", "host_time") == 0.0
    assert value("mi300x", "bf16", "multiprocessors") == 304.0


def test_the_head_of_a_narrow_recipe_multiplies_as_efficiently_as_in_16_bit() -> None:
    # Catches: an output head in 16 bit that reaches the share of a four bit peak.
    for precision in ("fp8", "nvfp4", "bf16"):
        assert value("gb300", precision, "wide_efficiency") == value("gb300", "bf16", "gemm_efficiency")
    assert value("gb300", "nvfp4", "gemm_efficiency") != value("gb300", "bf16", "gemm_efficiency")


def test_the_speed_up_of_fp8_is_that_of_the_accelerator() -> None:
    # Catches: attention in 16 bit at half its rate on units that are no faster in fp8.
    assert value("h100-sxm", "fp8", "speedup") == pytest.approx(2.0, rel=1e-3)
    assert value("tpu-v5p", "fp8", "speedup") == 1.0
    assert value("a100-sxm-80", "bf16", "speedup") == 1.0


def test_shares_are_shares() -> None:
    for row in shipped().rows("performance"):
        number = row.number("value")
        assert number is not None
        if str(row.get("coefficient")).endswith(("_share", "_efficiency", "_overlap", "_contention")):
            assert 0.0 <= number <= 1.0, row.key
        if row.get("unit") == "s":
            assert number < 0.01, row.key
