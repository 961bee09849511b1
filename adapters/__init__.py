"""What turns a platform, a page or an engine into the core's words and back: each converts, none decides."""
