"""What one file says, without looking at any other: a pruned program, cached by content."""
