"""What is kept: events that came in, answers, feedback, settings of channels, installations in Slack."""
