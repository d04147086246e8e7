"""Data and labels of a programme: cleaning, synthetic tokens, preference pairs by people or by a model."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.staff import NONE, Staff
from tcplan.plan.value import Number

KINDS = (
    Choice("general", N_("general chat")),
    Choice("expert", N_("expert domain")),
    Choice("summaries", N_("short summaries")),
    Choice("crowd", N_("crowd")),
)
"""Kinds of preference pairs that people compare; the catalogue has a price of each."""


class Corpus(Staff):
    """What is trained on beside what is licensed; nothing until you type it."""

    cleaned_tokens: Annotated[
        Number | None,
        Shown(
            N_("Cleaned tokens"),
            N_("Tokens that collection and cleaning leave, each once; those of the run until you type it."),
            low=0.0,
            high=1e18,
            computed=N_("the tokens of the run"),
            words=("preparation", "filtering"),
            more=True,
        ),
    ] = None
    cleaning_price: Annotated[
        Number | None,
        Shown(
            N_("Cleaning price"),
            N_("Price of collecting and cleaning, for each token that is kept."),
            unit="USD",
            shown="$/Mtok",
            low=0.0,
            high=1.0,
            default=0.0,
            default_source=NONE,
            words=("preparation", "filtering"),
            more=True,
        ),
    ] = None
    synthetic_tokens: Annotated[
        Number | None,
        Shown(
            N_("Synthetic tokens"),
            N_("Training tokens that a model writes."),
            low=0.0,
            high=1e18,
            default=0.0,
            default_source=NONE,
            words=("generated", "distilled"),
            more=True,
        ),
    ] = None
    synthetic_by: Annotated[
        str | None,
        Shown(
            N_("Written by"),
            N_("Who writes synthetic tokens: a service by the token, or this model on this hardware."),
            choices=(Choice("service", N_("a service")), Choice("own", N_("this model"))),
            default="service",
            default_source="the price that anybody can get",
            words=("generated",),
            more=True,
        ),
    ] = None
    synthetic_price: Annotated[
        Number | None,
        Shown(
            N_("Price of synthetic tokens"),
            N_("Price of what a service writes; the published price of an open model until you type it."),
            unit="USD",
            shown="$/Mtok",
            low=0.0,
            high=1.0,
            words=("api",),
            more=True,
        ),
    ] = None
    label_kind: Annotated[
        str | None,
        Shown(
            N_("Kind of pairs"),
            N_("What people compare: it gives the price of a pair until you type one."),
            choices=KINDS,
            default="general",
            default_source="what most preference data are",
            words=("feedback", "rlhf", "annotation"),
            more=True,
        ),
    ] = None
    ai_pairs: Annotated[
        Number | None,
        Shown(
            N_("Pairs judged by a model"),
            N_("Pairs of answers that a model compares, as constitutional training and RLAIF do."),
            low=0.0,
            high=1e15,
            default=0.0,
            default_source=NONE,
            words=("rlaif", "constitutional", "ai feedback"),
            more=True,
        ),
    ] = None
    pair_tokens: Annotated[
        Number | None,
        Shown(
            N_("Tokens of a pair"),
            N_("Tokens that the judging model reads and writes for one pair."),
            low=0.0,
            high=1e9,
            default=1700.0,
            default_source="a planning value: 1,500 read, 200 written",
            words=("rlaif", "prompt"),
            more=True,
        ),
    ] = None
    feedback_price: Annotated[
        Number | None,
        Shown(
            N_("Price of judging"),
            N_("Price of a token of the judging model; a published one until you type it."),
            unit="USD",
            shown="$/Mtok",
            low=0.0,
            high=1.0,
            words=("rlaif", "api"),
            more=True,
        ),
    ] = None
