"""Fields of a panel as widgets, made from their descriptions."""
