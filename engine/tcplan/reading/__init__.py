"""Files of others that describe a model, a finished job or measured energy, read into fields of a plan."""
