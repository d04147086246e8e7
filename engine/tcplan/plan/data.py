"""The data of the training panel in the unit that people have, and what turns it into tokens."""

from typing import Annotated

from tcplan.language import N_
from tcplan.plan.field import Choice, Shown
from tcplan.plan.panel import Panel
from tcplan.plan.value import Number

DATA_UNITS = (
    Choice("tokens", N_("tokens")),
    Choice("words", N_("words")),
    Choice("books", N_("books")),
    Choice("bytes", N_("bytes")),
    Choice("images", N_("images")),
    Choice("audio", N_("hours of sound")),
    Choice("video", N_("hours of video")),
    Choice("samples", N_("samples")),
)
LANGUAGES = (
    Choice("english", N_("English")),
    Choice("german", N_("German")),
    Choice("french", N_("French")),
    Choice("spanish", N_("Spanish")),
    Choice("italian", N_("Italian")),
    Choice("portuguese", N_("Portuguese")),
    Choice("dutch", N_("Dutch")),
    Choice("polish", N_("Polish")),
    Choice("turkish", N_("Turkish")),
    Choice("russian", N_("Russian")),
    Choice("arabic", N_("Arabic")),
    Choice("hindi", N_("Hindi")),
    Choice("indonesian", N_("Indonesian")),
    Choice("vietnamese", N_("Vietnamese")),
    Choice("chinese", N_("Chinese")),
    Choice("japanese", N_("Japanese")),
    Choice("korean", N_("Korean")),
)


class Data(Panel):
    """How much data there is, counted in words, images, hours; tokens follow from it unless typed."""

    data_unit: Annotated[
        str | None,
        Shown(
            N_("Data unit"),
            N_("What the amount of data counts."),
            choices=DATA_UNITS,
            default="tokens",
            default_source=N_("definition: language models count tokens"),
            more=True,
            words=("words", "books", "bytes", "images", "hours", "video", "audio", "samples"),
        ),
    ] = None
    data_amount: Annotated[
        Number | None,
        Shown(
            N_("Data"),
            N_("Amount of data in its unit, each piece counted once; the tokens follow from it."),
            low=0,
            high=1e18,
            above_low=True,
            more=True,
            words=("dataset", "corpus"),
        ),
    ] = None
    passes_over_data: Annotated[
        Number | None,
        Shown(
            N_("Passes"),
            N_("How often training sees each piece of the data."),
            low=0,
            high=1e6,
            above_low=True,
            usual=(0.1, 400),
            default=1.0,
            default_source="arXiv:2005.14165, table 2.2",
            more=True,
            words=("epochs", "repetition"),
        ),
    ] = None
    data_language: Annotated[
        str | None,
        Shown(
            N_("Language"),
            N_("What the text is written in: tokenizers cut most languages finer than English."),
            choices=LANGUAGES,
            default="english",
            default_source=N_("definition: most training text is English"),
            more=True,
        ),
    ] = None
    tokens_per_word: Annotated[
        Number | None,
        Shown(
            N_("Tokens per word"),
            N_("About 1.3 in English; in other languages for what an English word says."),
            low=0.1,
            high=100,
            usual=(1, 10),
            computed=N_("by language"),
            more=True,
        ),
    ] = None
    words_per_book: Annotated[
        Number | None,
        Shown(
            N_("Words per book"),
            N_("Mean length of a book."),
            low=1,
            high=1e8,
            usual=(1e3, 1e6),
            default=68_986.0,
            default_source=N_("arXiv:1911.05507, table 1: 1,973,136,207 words in 28,602 books"),
            more=True,
        ),
    ] = None
    bytes_per_token: Annotated[
        Number | None,
        Shown(
            N_("Bytes per token"),
            N_("About 4 in English text, less in most other languages."),
            low=0.1,
            high=1e4,
            usual=(1, 10),
            computed=N_("by language"),
            more=True,
        ),
    ] = None
    tokens_per_image: Annotated[
        Number | None,
        Shown(
            N_("Tokens per image"),
            N_("Tokens that an image, or a frame of a video, becomes."),
            shown="tokens",
            low=1,
            high=1e6,
            default=576.0,
            default_source=N_("arXiv:2310.03744, section 3.4: 24 x 24 patches of an image of 336 x 336"),
            more=True,
        ),
    ] = None
    audio_rate: Annotated[
        Number | None,
        Shown(
            N_("Tokens per second"),
            N_("Tokens that a second of sound becomes."),
            shown="tokens",
            low=0.1,
            high=1e6,
            default=50.0,
            default_source=N_("arXiv:2212.04356, section 2.2: 1,500 positions for 30 s"),
            more=True,
        ),
    ] = None
    video_rate: Annotated[
        Number | None,
        Shown(
            N_("Frames per second"),
            N_("Frames of a second of video that training sees."),
            low=0.001,
            high=1000,
            default=1.0,
            default_source=N_("arXiv:2403.05530, section 4.2: one frame in a second"),
            more=True,
        ),
    ] = None
