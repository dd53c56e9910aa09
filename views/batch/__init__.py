"""What a batch looks like."""
