"""Everything that only looks: figures, wording, report, page."""
