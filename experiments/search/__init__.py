"""Policies that nothing beats."""
