"""The guides as data, and the models that read them: no search, no chat."""
