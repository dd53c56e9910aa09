"""What a policy search looks like."""
