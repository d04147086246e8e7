"""What shows an estimate; no view changes anything."""
