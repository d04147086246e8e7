"""What a class of models is for, which is what stands on top of its layers."""

PURPOSES = (
    ("ForSequenceClassification", "classes"),
    ("ForTokenClassification", "tokens"),
    ("ForQuestionAnswering", "spans"),
    ("ForMultipleChoice", "choices"),
    ("ForNextSentencePrediction", "pairs"),
    ("ForPreTraining", "pretraining"),
    ("ForMaskedImageModeling", "pixels"),
    ("ForImageClassification", "images"),
    ("ForAudioClassification", "sounds"),
    ("ForCTC", "letters"),
    ("ForMaskedLM", "masked"),
    ("ForCausalLM", "causal"),
    ("LMHeadModel", "causal"),
    ("EncoderModel", "encoder"),
    ("Transformer", "bare"),
    ("Encoder", "bare"),
    ("Model", "bare"),
)
"""Ends of class names and the purpose that they stand for; any other class predicts words."""
WORDS = "words"
SPEAKING = ("ChatModel", "DoubleHeadsModel", "MTModel", "EncoderDecoderModel", "WithLMHeadModel")


def purpose_of(architectures: object, auto_map: object = None) -> str:
    """Return the purpose of the first class that a file names; nothing where it names none.

    Parameters
    ----------
    architectures
        Classes that the file names.
    auto_map
        Classes of its own code by their use; one for text is taken where the first list names a bare model.
    """
    first = architectures[0] if isinstance(architectures, list) and architectures else ""
    if not isinstance(first, str) or not first:
        return ""
    if first.endswith(SPEAKING):
        return WORDS
    purpose = next((purpose for end, purpose in PURPOSES if first.endswith(end)), WORDS)
    own = auto_map if isinstance(auto_map, dict) else {}
    speaks = purpose == "bare" and ("AutoModelForCausalLM" in own or "AutoModelForSeq2SeqLM" in own)
    return WORDS if speaks else purpose
