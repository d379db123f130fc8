"""What is learned from, and how weights move: losses, metrics, first weights, optimisers, schedules."""
