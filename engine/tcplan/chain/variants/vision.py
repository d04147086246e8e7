"""Vision transformers: patches of an image in place of an embedding, and perhaps a text tower (CLIP)."""

from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_

_VIT = "arXiv:2010.11929, section 3.1"
_CLIP = "arXiv:2103.00020, section 2.4"


@quantity("1", N_("Sequence"), source=_VIT, path="training.sequence", symbol="s", shown="tokens")
def sequence(image_size: Numeric, patch_size: Numeric) -> Numeric:
    """Tokens of an image: its patches and the class token [1].

    Parameters
    ----------
    image_size, patch_size
        Points across an image and across a patch [1].
    """
    across = image_size / patch_size
    return across * across + 1.0


@quantity("1", N_("Learned positions"), source=_VIT, path="model.learned_positions")
def learned_positions(sequence: Numeric) -> Numeric:
    """Length of the table of positions: one for each token [1].

    Parameters
    ----------
    sequence
        Tokens of an image [1].
    """
    return sequence


@quantity("1", N_("Patch weights"), source=_VIT, path="model.patch_weights")
def patch_weights(channels: Numeric, patch_size: Numeric, hidden: Numeric) -> Numeric:
    """Weights that turn the points of a patch into a token [1].

    Parameters
    ----------
    channels, patch_size, hidden
        Colours, points across a patch, and width of a token [1].
    """
    return channels * patch_size * patch_size * hidden


@quantity("1", N_("Embedding, head and positions"), source=_VIT, path="model.table_parameters")
def table_parameters(
    patch_weights: Numeric,
    learned_positions: Numeric,
    hidden: Numeric,
    embedding_parameters: Numeric,
    vocabulary: Numeric,
) -> Numeric:
    """Patch projection with its bias, class token, positions, and the classes' head with its bias [1].

    Parameters
    ----------
    patch_weights, learned_positions, hidden
        Weights of the projection, length and width of the table of positions [1].
    embedding_parameters, vocabulary
        Weights of the head, and classes [1].
    """
    return patch_weights + (learned_positions + 2.0) * hidden + embedding_parameters + vocabulary


@quantity("1", N_("Positions of the head"), source=_VIT, path="compute.head_share")
def head_share(sequence: Numeric) -> Numeric:
    """Positions that pass the output head, for each token: one of an image [1].

    Parameters
    ----------
    sequence
        Tokens of an image [1].
    """
    return 1.0 / sequence


@quantity("1", N_("Attends to the first stack"), source=_CLIP, path="model.crosses")
def crosses() -> Numeric:
    """0: the text tower does not attend to the image."""
    return 0.0


@quantity("1", N_("Tables of the text tower"), source=_CLIP, path="model.tower_tables")
def tower_tables(
    second_vocabulary: Numeric, second_sequence: Numeric, second_hidden: Numeric, vocabulary: Numeric
) -> Numeric:
    """Embedding, positions and projection into the space that both towers share [1].

    Parameters
    ----------
    second_vocabulary, second_sequence, second_hidden
        Tokens of the text tower: different ones, in a sequence, and their width [1].
    vocabulary
        Width of the shared space [1].
    """
    return (second_vocabulary + second_sequence + vocabulary) * second_hidden


@quantity("1", N_("Parameters beside the layers"), source=_CLIP, path="model.companion_parameters")
def companion_parameters(
    second_parameters: Numeric, tower_tables: Numeric, extra_parameters: Numeric
) -> Numeric:
    """Parameters of the text tower and what was given as extra [1].

    Parameters
    ----------
    second_parameters, tower_tables, extra_parameters
        Layers and tables of the text tower, and what was given as extra [1].
    """
    return second_parameters + tower_tables + extra_parameters


@quantity(
    "1", N_("Active parameters beside the layers"), source=_CLIP, path="model.companion_active_parameters"
)
def companion_active_parameters(
    second_parameters: Numeric, tower_tables: Numeric, extra_active_parameters: Numeric
) -> Numeric:
    """Parameters of the text tower and what was given as extra and active [1].

    Parameters
    ----------
    second_parameters, tower_tables, extra_active_parameters
        Layers and tables of the text tower, and what was given as extra [1].
    """
    return second_parameters + tower_tables + extra_active_parameters


@quantity("FLOP", N_("Forward FLOP beside the layers"), source=_VIT, path="compute.companion_flop")
def companion_flop(
    second_flop: Numeric,
    multiply_add: Numeric,
    patch_weights: Numeric,
    sequence: Numeric,
    extra_forward_flop: Numeric,
) -> Numeric:
    """Forward FLOP of a token beside the layers: its patch, the text tower, what was given as extra [FLOP].

    Parameters
    ----------
    second_flop, extra_forward_flop, multiply_add
        Forward FLOP of the text tower, what was given as extra, and one multiply-add [FLOP].
    patch_weights, sequence
        Weights of the patch projection, which the class token does not pass, and tokens of an image [1].
    """
    return second_flop + multiply_add * patch_weights * (1.0 - 1.0 / sequence) + extra_forward_flop
