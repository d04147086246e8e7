"""TCPlan: what it costs to train an AI model, in money, time, energy, carbon and water."""
