"""How good the predictions are: measured steps and published runs beside what the chain says of them."""
