"""Stack code to the tree: one forward pass over a validated body, in layers, one for each kind of instructions."""
