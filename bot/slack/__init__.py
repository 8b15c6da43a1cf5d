"""Clausebot in Slack: listeners decide, blocks draw, app wires."""
