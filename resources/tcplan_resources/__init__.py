"""Tables, examples, icons, fonts and words that TCPlan ships; read them through importlib.resources."""
