"""What generated code costs beside Python written by hand; ``python -m benchmarks`` prints the table."""
