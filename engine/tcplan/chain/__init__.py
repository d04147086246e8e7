"""The science: a graph of plain functions, one file a step, in the order in which the numbers flow."""
