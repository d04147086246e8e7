"""Facts with unit, date, source and confidence."""
