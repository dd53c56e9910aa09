"""What a calibration looks like."""
