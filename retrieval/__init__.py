"""A question in, an Answer out: no chat, no I/O."""
