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
    ("TextModel", "bare"),
    ("Model", "bare"),
)
"""Ends of class names and the purpose that they stand for; any other class predicts words."""
WORDS = "words"
SPEAKING = ("DoubleHeadsModel", "MTModel", "EncoderDecoderModel")


def purpose_of(architectures: object) -> str:
    """Return the purpose of the first class that a file names; nothing where it names none."""
    first = architectures[0] if isinstance(architectures, list) and architectures else ""
    if not isinstance(first, str) or not first:
        return ""
    if first.endswith(SPEAKING):
        return WORDS
    return next((purpose for end, purpose in PURPOSES if first.endswith(end)), WORDS)
