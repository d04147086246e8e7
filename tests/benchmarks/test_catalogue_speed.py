"""The catalogue is read while the window starts."""

from pytest_benchmark.fixture import BenchmarkFixture

from tcplan.catalogue.shelf import TABLES, shipped_rows


def test_all_tables_are_read_within_15_ms(benchmark: BenchmarkFixture) -> None:
    def read_everything() -> int:
        shipped_rows.cache_clear()
        return sum(len(shipped_rows(table)) for table in TABLES)

    assert benchmark(read_everything) > 1000
    if benchmark.stats is not None:
        assert benchmark.stats.stats.min < 0.015
