"""The sample chat: a small chat platform in the browser, in which the assistant can be tried without any token."""
