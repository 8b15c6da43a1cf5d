"""Everything that talks to people or machines: the terminal, the service, Slack."""
