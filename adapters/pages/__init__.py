"""What the web server offers besides the chat: health and figures."""
