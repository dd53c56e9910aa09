"""What a comparison of several scenarios looks like."""
