"""Tokens from an amount of data in another unit: words, books, bytes, images, hours, samples."""

from tcplan.chain.elementwise import gather
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_COUNT = "definition: amount x tokens of each x passes"
_HOUR = 3600.0
_PARITY = "arXiv:2305.15425: tokens (cl100k_base) and bytes of the same sentences of FLORES-200"
# In the order of the choices of `data_language`: tokens, and bytes, of the same text.
TOKENS = (
    *(52_835.0, 83_450.0, 84_407.0, 81_735.0, 86_628.0, 78_313.0, 84_254.0, 101_102.0, 101_176.0),
    *(131_496.0, 160_485.0, 253_270.0, 82_006.0, 129_258.0, 101_138.0, 121_627.0, 125_737.0),
)
BYTES = (
    *(259_396.0, 307_304.0, 320_613.0, 314_077.0, 307_457.0, 289_511.0, 289_068.0, 292_098.0, 289_924.0),
    *(514_650.0, 413_881.0, 661_374.0, 281_022.0, 360_436.0, 240_075.0, 329_167.0, 310_727.0),
)
_PARITIES = tuple(tokens / TOKENS[0] for tokens in TOKENS)
_DENSITIES = tuple(size / tokens * TOKENS[0] / BYTES[0] for size, tokens in zip(BYTES, TOKENS, strict=True))


@quantity("1", N_("Tokens"), source=_COUNT, path="training.tokens", symbol="D", shown="tokens")
def tokens(data_amount: Numeric, tokens_of_each: Numeric, passes_over_data: Numeric) -> Numeric:
    """Training tokens, every repetition counted [1].

    Parameters
    ----------
    data_amount, tokens_of_each
        Data in its unit, and the tokens that one of them becomes [1].
    passes_over_data
        How often training sees each [1].
    """
    return data_amount * tokens_of_each * passes_over_data


@quantity(
    "1",
    N_("Tokens per word"),
    source=f"OpenAI, What are tokens, 2023: 100 tokens are about 75 English words; {_PARITY}",
    path="training.tokens_per_word",
)
def tokens_per_word(data_language: Numeric) -> Numeric:
    """Tokens of a word of English, and of what says the same in another language [1].

    Parameters
    ----------
    data_language
        Which language, 0 for English.
    """
    return 4.0 / 3.0 * gather(_PARITIES, data_language)


@quantity(
    "1",
    N_("Bytes per token"),
    source=f"arXiv:2407.21783, section 3.2: 3.94 characters of English in a token; {_PARITY}",
    path="training.bytes_per_token",
)
def bytes_per_token(data_language: Numeric) -> Numeric:
    """Bytes of text in a token, less where a tokenizer cuts a language finer [1].

    Parameters
    ----------
    data_language
        Which language, 0 for English.
    """
    return 3.94 * gather(_DENSITIES, data_language)


@quantity("1", N_("Tokens of a token"), source="definition", path="training.token_tokens", shown="tokens")
def token_tokens() -> Numeric:
    """Tokens of a token: itself [1]."""
    return 1.0


@quantity("1", N_("Tokens of a word"), source=_COUNT, path="training.word_tokens", shown="tokens")
def word_tokens(tokens_per_word: Numeric) -> Numeric:
    """Tokens that a word becomes [1].

    Parameters
    ----------
    tokens_per_word
        What the tokenizer makes of a word [1].
    """
    return tokens_per_word


@quantity("1", N_("Tokens of a book"), source=_COUNT, path="training.book_tokens", shown="tokens")
def book_tokens(words_per_book: Numeric, tokens_per_word: Numeric) -> Numeric:
    """Tokens that a book becomes [1].

    Parameters
    ----------
    words_per_book, tokens_per_word
        Words of a book, and tokens of a word [1].
    """
    return words_per_book * tokens_per_word


@quantity("1", N_("Tokens of a byte"), source=_COUNT, path="training.byte_tokens", shown="tokens")
def byte_tokens(bytes_per_token: Numeric) -> Numeric:
    """Tokens that a byte becomes [1].

    Parameters
    ----------
    bytes_per_token
        Bytes of text in a token [1].
    """
    return 1.0 / bytes_per_token


@quantity("1", N_("Tokens of an image"), source=_COUNT, path="training.image_tokens", shown="tokens")
def image_tokens(tokens_per_image: Numeric) -> Numeric:
    """Tokens that an image becomes [1].

    Parameters
    ----------
    tokens_per_image
        Patches of an image [1].
    """
    return tokens_per_image


@quantity("1", N_("Tokens of an hour of sound"), source=_COUNT, path="training.audio_tokens", shown="tokens")
def audio_tokens(audio_rate: Numeric) -> Numeric:
    """Tokens that an hour of sound becomes [1].

    Parameters
    ----------
    audio_rate
        Tokens of a second [1].
    """
    return _HOUR * audio_rate


@quantity("1", N_("Tokens of an hour of video"), source=_COUNT, path="training.video_tokens", shown="tokens")
def video_tokens(video_rate: Numeric, tokens_per_image: Numeric) -> Numeric:
    """Tokens that an hour of video becomes [1].

    Parameters
    ----------
    video_rate, tokens_per_image
        Frames of a second, and tokens of a frame [1].
    """
    return _HOUR * video_rate * tokens_per_image


@quantity("1", N_("Tokens of a sample"), source=_COUNT, path="training.sample_tokens", shown="tokens")
def sample_tokens(sequence: Numeric) -> Numeric:
    """Tokens that a sample becomes: one sequence [1].

    Parameters
    ----------
    sequence
        Tokens of a sequence [1].
    """
    return sequence
