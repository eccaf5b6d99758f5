"""What tsfresh keeps under this name."""
