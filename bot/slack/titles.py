"""Where this was before both channels needed it."""

from bot.titles import TitleList

__all__ = ["TitleList"]
