"""What is measured, against whom: `python -m bench NAME`."""
