"""The window of TCPlan."""
