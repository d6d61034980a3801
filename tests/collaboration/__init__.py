"""What is computed from the registry: ties, graphs, matrices, overlap."""
