"""Which fields a panel shows, one file a panel."""
