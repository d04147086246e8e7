"""Functions that stand in for others: sparse layers, latent attention, other ways to buy."""
