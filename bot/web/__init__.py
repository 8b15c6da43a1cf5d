"""The web: pages for people, the JSON API for programs, MCP for assistants."""
