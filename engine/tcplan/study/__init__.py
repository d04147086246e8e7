"""Questions that need many estimates."""
