"""Clausebot in Teams: listeners decide, cards draw, app wires."""
