"""The platform-neutral core of Connections: what the assistant knows, decides and says."""
