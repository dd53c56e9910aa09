"""Every variation of a scenario that an experiment file asks for."""
