"""A chat platform that exists nowhere: everything works, is kept, and can be made to fail."""
