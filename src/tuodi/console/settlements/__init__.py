"""Bills: listed, explained step by step, settled at a desk, cancelled and settled again with a look beforehand."""
