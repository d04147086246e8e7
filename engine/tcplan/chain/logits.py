"""Outputs of the head and its gradient, which the last stage holds at once; every function broadcasts."""

from tcplan.chain.elementwise import gather
from tcplan.chain.quantity import Numeric, quantity
from tcplan.language import N_


@quantity(
    "B",
    N_("Logits"),
    source="measured by stack; a fused loss overwrites its input: arXiv:2410.10989, section 3.2",
    path="memory.logits",
    shown="GiB",
)
def logit_memory(
    logit_bytes: Numeric,
    loss_kernel: Numeric,
    local_tokens: Numeric,
    head_share: Numeric,
    head_width: Numeric,
    padded_share: Numeric,
    predicted_tokens: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Output of the head for one micro-batch and what the loss makes of it, on the last stage [B].

    Of further predictions the softmax is kept, until the backward pass of all.

    Parameters
    ----------
    logit_bytes
        Bytes for each output: itself in 16 and 32 bit, and its gradient [B].
    loss_kernel
        0 plain, 1 fused, which saves the copy in 16 bit, 2 for an eighth of the tokens at a time.
    local_tokens, head_share, head_width, padded_share
        Tokens on one device, positions of each that pass the head, its outputs and their padding [1].
    predicted_tokens, tensor
        Further tokens that are predicted, and devices that share each matrix [1].
    """
    outputs = head_share * local_tokens * head_width * padded_share / tensor
    heads = gather((1.0, 2.0 / 3.0, 0.125), loss_kernel) + 2.0 / 3.0 * predicted_tokens
    return logit_bytes * heads * outputs


@quantity(
    "B",
    N_("Gradient of the head"),
    source="definition: the weight gradient in the width of products, before it is added to the sum",
    path="memory.head_gradient",
    shown="GiB",
)
def head_gradient_memory(
    element_bytes: Numeric,
    head_gradients: Numeric,
    embedding_parameters: Numeric,
    padded_share: Numeric,
    tensor: Numeric,
) -> Numeric:
    """Weight gradient of the output head, on the last stage while logits are there [B].

    Parameters
    ----------
    element_bytes
        Bytes of a number in products [B].
    head_gradients
        1 where the head is trained, else 0.
    embedding_parameters, padded_share, tensor
        Weights of the head, their padding, and devices that share them [1].
    """
    return element_bytes * head_gradients * embedding_parameters * padded_share / tensor
