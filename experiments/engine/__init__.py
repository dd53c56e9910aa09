"""Where runs are computed and kept: processes, a cluster, run folders, interrupts."""
