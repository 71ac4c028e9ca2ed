"""What scripts/bench measures: one module for each subject, and `__main__` that runs them."""
