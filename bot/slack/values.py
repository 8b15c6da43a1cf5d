"""Where these were before both channels needed them."""

from bot.values import Asked, Pointer, Rating, pack, unpack

__all__ = ["Asked", "Pointer", "Rating", "pack", "unpack"]
