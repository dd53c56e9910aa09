"""What a sharing out among causes looks like."""
