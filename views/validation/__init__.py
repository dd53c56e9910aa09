"""What a validation looks like."""
