"""Job accounting and metered energy: what was measured enters the plan where it was measured."""

import pytest

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import Estimate, evaluate
from tcplan.reading.device_names import accelerator_of
from tcplan.reading.document import document_of
from tcplan.reading.kinds import read
from tcplan.reading.reading import Reading, ReadingError

SACCT = """JobID|JobName|State|NNodes|Elapsed|AllocTRES|ConsumedEnergyRaw
1001|train|COMPLETED|2|1-02:00:00|billing=128,cpu=128,gres/gpu:a100=16,gres/gpu=16,mem=1T,node=2|0
1001.batch|batch|COMPLETED|1|1-02:00:00|cpu=64,gres/gpu=8,mem=500G,node=1|500000000
1001.extern|extern|COMPLETED|2|1-02:00:00|billing=128,cpu=128,gres/gpu=16,mem=1T,node=2|980000000
1001.0|python|COMPLETED|2|1-01:58:00|cpu=128,gres/gpu=16,mem=1T,node=2|975000000
1002|train|CANCELLED by 1000|2|00:59:60|billing=128,cpu=128,gres/gpu:a100=16,gres/gpu=16|18446744073709551614
1003|prepare|COMPLETED|1|10:00|cpu=4|0
1004|train|PENDING|2|00:00:00|billing=128,cpu=128,gres/gpu=16|
"""

CODECARBON_HEADER = (
    "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,"
    "cpu_energy,gpu_energy,ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,"
    "cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,"
    "ram_total_size,tracking_mode,on_cloud,pue\n"
)
CODECARBON_ROW = (
    "{time},lab,{run},e,{seconds},{carbon},1e-05,112.5,235.8,188.8,0.19,0.39,0.32,{energy},Canada,CAN,,,,Linux,"
    "3.12,2.7.1,96,AMD EPYC 7643,8,8 x NVIDIA A100-SXM4-80GB,,,503.5,machine,N,{pue}\n"
)
OLD_CODECARBON = (
    "timestamp,experiment_id,project_name,duration,emissions,energy_consumed,country_name,country_iso_code,region,"
    "on_cloud,cloud_provider,cloud_region\n"
    "2021-01-01T00:00:00,aa,codecarbon,100.0,0.001,0.002,France,FRA,,N,,\n"
)
TRACKER_OUTPUT = (
    "CarbonTracker:\nActual consumption for 1 epoch(s):\n\tTime:\t0:05:00\n\tEnergy:\t30.000000 kWh\n"
    "\tCO2eq:\t70.000000 g\n\tThis is equivalent to:\n\t0.6 km travelled by car\n"
    "CarbonTracker:\nPredicted consumption for 100 epoch(s):\n\tTime:\t1 day, 0:00:00\n\tEnergy:\t6000 kWh\n"
    "\tCO2eq:\t15000 g\n"
    "CarbonTracker:\nActual consumption for 2 epoch(s):\n\tTime:\t0:10:00\n\tEnergy:\t60.000000 kWh\n"
    "\tCO2eq:\t150.000000 g\n"
)
TRACKER_PROTOCOL = """2024-01-01 10:00:00 - carbontracker version 1.2.5
2024-01-01 10:00:00 - Only predicted and actual consumptions are multiplied by a PUE coefficient of 1.58 (Daniel Bizo).
2024-01-01 10:00:01 - The following components were found: GPU with device(s) NVIDIA L4, NVIDIA L4. CPU with device(s) i7 @ 3.80GHz.
2024-01-01 10:10:02 - Epoch 1:
2024-01-01 10:10:02 - Duration: 0:10:00.00
2024-01-01 10:10:02 - Average power usage (W) for gpu: [60.5 59.5]
2024-01-01 10:10:02 - Average power usage (W) for cpu: [60.]
2024-01-01 10:20:02 - Epoch 2:
2024-01-01 10:20:02 - Duration: 0:10:00.00
2024-01-01 10:20:02 - Average power usage (W) for gpu: [60.5 59.5]
2024-01-01 10:20:02 - Average power usage (W) for cpu: None
"""  # noqa: E501


def row(run: str, seconds: float, energy: str, *, time: str = "2025-10-11T10:00:00", pue: str = "1.0") -> str:
    return CODECARBON_ROW.format(time=time, run=run, seconds=seconds, carbon=0.2, energy=energy, pue=pue)


def reading(text: str) -> Reading:
    return read(text.encode(), shipped())


def planned(found: Reading) -> Estimate:
    return evaluate(document_of(found, "log").document.plan)


def test_jobs_are_counted_once_with_their_devices_and_energy() -> None:
    """A step counted as a job doubles the hours; .extern and .0 watch the same nodes; 2^64-2 is no energy."""
    found = reading(SACCT)
    estimate = planned(found)
    assert found.kind == "job"
    assert estimate.plan.hardware.accelerator == "a100-sxm-80"
    assert estimate.plan.hardware.devices == 16.0
    assert estimate["time.device_hours"].value == pytest.approx(16 * 27)
    # One hour of 27 had no meter: it counts like the others.
    assert estimate["energy.computers"].si == pytest.approx(980e6 * 27 / 26)
    said = " ".join(found.notes)
    assert "2 jobs with 432.0 device-hours" in said
    assert "1 of them did not end by themselves" in said
    assert "2 without accelerators" in said
    assert "96%" in said


def test_raw_seconds_old_ends_and_other_separators_are_read() -> None:
    """`sacct -p` closes lines with a bar; a spreadsheet saves semicolons; ElapsedRaw needs no parsing."""
    expected = 8 * 3600.0
    for text in (
        "JobID|Elapsed|AllocTRES|\n5|01:00:00|gres/gpu=8|\n",
        "\ufeffJobID|Elapsed|AllocTRES\r\n5|01:00:00|gres/gpu=8\r\n",
        "JobIDRaw;ElapsedRaw;AllocTRES\n5;3600;cpu=1,gres/gpu=8\n",
        'JobID,ElapsedRaw,AllocTRES\n5,3600,"cpu=1,gres/gpu:v100=8"\n',
    ):
        assert reading(text).fields["time.device_hours"] == expected, text
    utf16 = "JobID|Elapsed|AllocTRES\n5|01:00:00|gres/gpu=8\n".encode("utf-16")
    assert read(utf16, shipped()).fields["time.device_hours"] == expected


def test_the_last_line_of_a_run_counts_and_runs_add_up() -> None:
    """CodeCarbon writes totals since the start: adding its lines counts energy twice."""
    text = CODECARBON_HEADER + row("a", 3000, "0.5") + row("a", 6000, "0.9") + row("b", 1200, "0.1")
    found = reading(text)
    estimate = planned(found)
    assert (found.kind, found.title) == ("energy", "lab")
    assert estimate["time.device_hours"].value == pytest.approx(8 * 7200 / 3600)
    assert estimate["energy.computers"].value == pytest.approx(1.0)
    assert estimate.plan.site.grid == "CAN"
    assert estimate.plan.hardware.devices == 8.0
    # 0.4 kg for 1 kWh.
    assert estimate.field("site.carbon_location").value == pytest.approx(0.4 / 3.6e6)
    assert any("overlap" in note for note in found.notes)


def test_the_tasks_of_a_run_add_up() -> None:
    """Lines of tasks are no totals: all but the last would be lost."""
    head = "task_name,timestamp,project_name,run_id,duration,emissions,energy_consumed\n"
    lines = "load,2025-10-11T10:00:00,lab,a,60,0.1,0.2\ntrain,2025-10-11T11:00:00,lab,a,600,0.3,0.6\n"
    found = reading(head + lines)
    assert found.fields["energy.computers"] == pytest.approx(0.8 * 3.6e6)
    assert found.fields["time.run"] == 660.0


def test_a_pue_that_codecarbon_was_given_is_taken_out_of_its_energy() -> None:
    """The energy of CodeCarbon contains its PUE: the plan would multiply by it again."""
    estimate = planned(reading(CODECARBON_HEADER + row("a", 3600, "1.2", pue="1.2")))
    assert estimate["energy.computers"].value == pytest.approx(1.0)
    assert estimate.field("site.pue").value == pytest.approx(1.2)


def test_the_columns_of_the_first_versions_are_enough() -> None:
    """A log of 2021 has no accelerators: their default number would turn minutes into device-months."""
    found = reading(OLD_CODECARBON)
    assert "time.device_hours" not in found.fields
    assert found.fields["time.run"] == 100.0
    assert planned(found)["energy.computers"].value == pytest.approx(0.002)
    assert any("accelerators" in sentence for sentence in found.missing)


def test_results_and_protocol_of_carbontracker_are_read() -> None:
    """The prediction or the first epoch would pass for the run; only its results contain a PUE."""
    found = reading(TRACKER_OUTPUT)
    assert found.fields["time.run"] == 600.0
    assert found.fields["energy.facility"] == pytest.approx(60 * 3.6e6)
    assert found.fields["site.carbon_location"] == pytest.approx(0.15 / (60 * 3.6e6))
    protocol = reading(TRACKER_PROTOCOL)
    assert protocol.fields["energy.computers"] == pytest.approx(600 * 180 + 600 * 120)
    assert protocol.fields["site.pue"] == 1.58
    assert protocol.fields["hardware.devices"] == 2.0
    assert protocol.fields["hardware.accelerator"] == "l4"
    both = reading(TRACKER_PROTOCOL + TRACKER_OUTPUT)
    assert both.fields["energy.computers"] == pytest.approx(60 * 3.6e6 / 1.58)
    assert both.fields["time.device_hours"] == 1200.0


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("NVIDIA A100-SXM4-40GB", "a100-sxm-40"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80"),
        ("nvidia_a100_80gb_pcie", "a100-pcie-80"),
        ("a100", "a100-sxm-80"),
        ("a100_1g.5gb", None),
        ("Tesla V100-SXM2-32GB", "v100-sxm2-32"),
        ("Tesla V100S-PCIE-32GB", "v100s-pcie-32"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("NVIDIA H100 NVL", "h100-nvl"),
        ("NVIDIA H100 PCIe", "h100-pcie"),
        ("NVIDIA GH200 480GB", "gh200-96"),
        ("NVIDIA GH200 144G HBM3e", "gh200-144"),
        ("NVIDIA B200", "b200-sxm"),
        ("NVIDIA L40S", "l40s"),
        ("NVIDIA A10G", "a10g"),
        ("a6000", "rtx-a6000"),
        ("NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000-ws"),
        ("rtx2080ti", "rtx-2080ti"),
        ("NVIDIA GeForce RTX 4090", "rtx-4090"),
        ("AMD Instinct MI250X", "mi250x"),
        ("NVIDIA GeForce RTX 3060 Laptop GPU", None),
        ("gpu", None),
        ("", None),
    ],
)
def test_the_names_of_drivers_and_schedulers_lead_to_rows(name: str, key: str | None) -> None:
    """An A100 of 40 GB would be planned as one of 80, a slice of a device as a whole one."""
    found = accelerator_of(name, shipped())
    assert (found.key if found else None) == key


def test_halves_that_count_as_devices_are_said() -> None:
    """A job with eight halves of MI250X would be planned as eight cards."""
    found = reading("JobID|Elapsed|AllocTRES\n5|01:00:00|gres/gpu:mi250x=8\n")
    assert any("half" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("JobID|Elapsed\n5|01:00:00\n", "the column AllocTRES is missing"),
        ("JobID|AllocTRES\n5|gres/gpu=8\n", "the column Elapsed is missing"),
        ("JobID|Elapsed|AllocTRES\n", "a header and no row"),
        ("JobID|Elapsed|AllocTRES\n5|1 hour|gres/gpu=8\n", "line 2, column Elapsed: 1 hour is not a time"),
        ("JobID|Elapsed|AllocTRES\n5|-01:00:00|gres/gpu=8\n", "is not a time"),
        ("JobID|Elapsed|AllocTRES\n5|01:00:00|gres/gpu\n", "is not a list"),
        ("JobID|Elapsed|AllocTRES\n5|01:00:00|cpu=8\n", "no job of this table held an accelerator"),
        ("JobID|Elapsed|AllocTRES\n5.0|01:00:00|gres/gpu=8\n", "no line of a job itself"),
        ("JobID|Elapsed|AllocTRES\n5|01:00:00\n", "line 2: 2 cells where the header has 3 columns"),
        ("JobID|JobID|AllocTRES\n5|01:00:00|x=1\n", "the column JobID comes twice"),
        ("JobID|Elapsed|AllocTRES|ConsumedEnergyRaw\n5|1:00:00|gres/gpu=8|-5\n", "is not an energy"),
        (CODECARBON_HEADER, "a header and no row"),
        (CODECARBON_HEADER + row("a", -5, "0.1"), "column duration: -5 is no amount"),
        (CODECARBON_HEADER + row("a", 5, "nan"), "column energy_consumed: nothing was measured"),
        (CODECARBON_HEADER + row("a", 5, "inf"), "inf is no amount"),
        (CODECARBON_HEADER + row("a", 5, '"0,5"'), "0,5 has a decimal comma; write a point"),
        (CODECARBON_HEADER + row("a", 5, "much"), "much is not a number"),
        (CODECARBON_HEADER + row("a", 5, "0"), "no run of this table used any energy"),
        (CODECARBON_HEADER + row("a", 5, "1", pue="0.5"), "a PUE is 1 or more"),
        ("Actual consumption for 1 epoch(s):\n", "no epoch of this log was measured to its end"),
        (TRACKER_OUTPUT.replace("60.000000", "-6"), "Energy: -6 is no amount"),
        (TRACKER_OUTPUT.replace("60.000000", "nan"), "nan is no amount"),
        ("JobID JobName Elapsed\n------ ------ ------\n5 train 01:00:00\n", "write it with sacct"),
    ],
)
def test_what_is_wrong_in_a_log_is_said_by_place(text: str, words: str) -> None:
    """A damaged table would become a plan of nonsense, or a traceback."""
    with pytest.raises(ReadingError) as refused:
        reading(text)
    assert words in refused.value.sentence


def test_semicolons_allow_decimal_commas() -> None:
    """A spreadsheet of half of Europe saves `0,5` between semicolons."""
    head = "timestamp;project_name;run_id;duration;emissions;energy_consumed;country_iso_code\n"
    found = reading(head + "2025-10-11T10:00:00;lab;a;3600;0,2;0,5;DEU\n")
    assert found.fields["energy.computers"] == pytest.approx(0.5 * 3.6e6)
    assert found.fields["site.grid"] == "DEU"
