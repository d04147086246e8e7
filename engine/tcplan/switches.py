"""Fields that count only while another field says so: which one switches each on, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.plan.plan import descriptions

_Test = Callable[[Estimate, str], bool]


@dataclass(frozen=True, slots=True)
class Switch:
    """What a field waits for: any of the fields `by` that passes `test`; `words` say what it must be."""

    by: tuple[str, ...]
    test: _Test
    words: str
    figure: str = ""

    def is_on(self, estimate: Estimate) -> bool:
        """Return whether the field counts in a plan."""
        return any(self.test(estimate, path) for path in self.by)

    def sentence(self) -> str:
        """Return what has to be typed or chosen, for the person who looks at the field."""
        labels = [_(descriptions()[path].label) if path in descriptions() else path for path in self.by]
        figure = self.figure
        for choice in descriptions()[self.by[0]].choices if self.by[0] in descriptions() else ():
            figure = _(choice.label) if choice.key == figure else figure
        return _(self.words).format(label=" / ".join(labels), figure=figure)


def _is_above(low: float, estimate: Estimate, path: str) -> bool:
    return estimate.field(path).value > low


def _is_chosen(keys: tuple[str, ...], estimate: Estimate, path: str) -> bool:
    return estimate.field(path).key in keys


def _is_other(key: str, estimate: Estimate, path: str) -> bool:
    return estimate.field(path).key != key


def _is_known(estimate: Estimate, path: str) -> bool:
    return estimate.field(path).value == estimate.field(path).value


def _is_untyped(estimate: Estimate, path: str) -> bool:
    return estimate.plan.get(path) is None


def _is_typed(estimate: Estimate, path: str) -> bool:
    return estimate.plan.get(path) is not None


def _asks_for_data(estimate: Estimate, path: str) -> bool:
    if path == "training.data_unit":
        return estimate.field(path).key != "tokens"
    return _is_typed(estimate, path)


def _repeats_activation(estimate: Estimate, path: str) -> bool:
    return estimate.field(path).key == "selective" and estimate.field("layout.recompute_experts").key != "yes"


def _is_conformer(estimate: Estimate, path: str) -> bool:
    return estimate.field("model.family").key != "speech" or estimate.field(path).value > 0


def _has_spectrogram(estimate: Estimate, path: str) -> bool:
    return estimate.field("model.family").key != "speech" or estimate.field(path).value == 0


def _above(low: float, *by: str) -> Switch:
    return Switch(by, partial(_is_above, low), N_("It counts with {label} above {figure}."), f"{low:g}")


def _chosen(path: str, *keys: str) -> Switch:
    return Switch((path,), partial(_is_chosen, keys), N_("It counts with {label}: {figure}."), keys[0])


def _other(path: str, key: str) -> Switch:
    return Switch((path,), partial(_is_other, key), N_("It does not count with {label}: {figure}."), key)


def _known(path: str) -> Switch:
    return Switch((path,), _is_known, N_("It counts where {label} has a value."))


def _typed(path: str) -> Switch:
    return Switch((path,), _is_typed, N_("It counts where {label} is typed."))


def _untyped(path: str) -> Switch:
    return Switch((path,), _is_untyped, N_("It does not count where {label} is typed."))


_PEOPLE = tuple(f"programme.{who}" for who in ("researchers", "engineers", "annotators", "people"))
_DATA = Switch(
    ("training.data_amount", "training.data_unit"), _asks_for_data, N_("It counts with {label}, once typed.")
)
_WAITING: tuple[tuple[str, str, Switch], ...] = (
    ("model", "window_layers", _above(0, "model.window")),
    ("model", "kv_heads head_size sinks", _above(0, "model.heads")),
    ("model", "gated", _above(0, "model.feed_forward", "model.experts")),
    (
        "model",
        "second_feed_forward second_heads second_sequence second_vocabulary",
        _above(0, "model.second_layers"),
    ),
    (
        "model",
        "convolution",
        Switch(("model.block",), _is_conformer, N_("It counts with {label}: {figure}."), "conformer"),
    ),
    (
        "model",
        "channels",
        Switch(("model.front",), _has_spectrogram, N_("It counts with {label}: {figure}."), "spectrogram"),
    ),
    ("training", "passes_over_data", _DATA),
    ("training", "scaling", _chosen("training.precision", "fp8", "mxfp8")),
    ("layout", "interleave schedule balance", _above(1, "layout.pipeline")),
    ("layout", "sequence_parallel", _above(1, "layout.tensor")),
    ("layout", "recompute_share", _chosen("layout.recompute", "full")),
    (
        "layout",
        "recompute_core recompute_projections recompute_experts recompute_norms",
        _chosen("layout.recompute", "selective"),
    ),
    (
        "layout",
        "recompute_activation",
        Switch(
            ("layout.recompute",),
            _repeats_activation,
            N_("It counts with selective recomputation that does not repeat whole experts."),
        ),
    ),
    ("layout", "loss_kernel", _above(0, "model.vocabulary")),
    ("failures", "spares", _above(0, "failures.repair_time")),
    ("site", "mean_power idle_share", _untyped("energy.mean_device_power")),
    ("site", "cluster_share", _above(0, "site.cluster_power")),
    ("site", "contract_carbon hourly_share", _above(0, "site.contract_share")),
    ("site", "building_life", _above(0, "site.building_carbon")),
    ("purchase", "offer", _untyped("purchase.price")),
    ("purchase", "price_decline", _typed("purchase.year")),
    ("purchase", "energy_billed", _other("purchase.way", "own")),
    ("purchase", "spot_interruptions", _chosen("purchase.way", "spot")),
    ("purchase", "storage_price store_price", _above(0, "purchase.storage_size")),
    ("purchase", "egress_price", _above(0, "purchase.egress_size")),
    ("purchase", "facility_life", _above(0, "purchase.facility_price")),
    ("purchase", "operator_pay", _above(0, "purchase.operators")),
    (
        "purchase",
        "server_factor interconnect_share busy_share resale_share interest maintenance hardware_age progress",
        _known("purchase.device_price"),
    ),
    ("programme", "researcher_time researcher_pay", _above(0, "programme.researchers")),
    ("programme", "engineer_time engineer_pay", _above(0, "programme.engineers")),
    ("programme", "annotator_time annotator_pay", _above(0, "programme.annotators")),
    ("programme", "work_time pay", _above(0, "programme.people")),
    ("programme", "pay_country pay_rise", _above(0, *_PEOPLE)),
    ("programme", "price_year", _above(0, "programme.pay_rise")),
    ("programme", "cleaned_tokens", _above(0, "programme.cleaning_price")),
    ("programme", "synthetic_by synthetic_price", _above(0, "programme.synthetic_tokens")),
    ("programme", "label_kind label_price", _above(0, "programme.labels")),
    ("programme", "pair_tokens feedback_price", _above(0, "programme.ai_pairs")),
    ("programme", "archive_time archive_price", _above(0, "programme.archive_size")),
    ("programme", "sent_price", _above(0, "programme.sent_size")),
    ("programme", "serving_use serving_price", _above(0, "programme.served_tokens")),
    ("programme", "tax_basis", _above(0, "programme.tax_share")),
)
SWITCHES: dict[str, Switch] = {
    f"{panel}.{name}": switch for panel, names, switch in _WAITING for name in names.split()
}
"""What switches a field on, by the field's path."""
