"""Youth unemployment shared out among its causes."""
