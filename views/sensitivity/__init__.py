"""What a sensitivity analysis looks like."""
