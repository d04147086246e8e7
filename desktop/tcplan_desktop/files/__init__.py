"""Opening, saving, recovery and recent documents."""
